using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Balancing;

/// <summary>Chooses a server for each request. Thread-safe.</summary>
internal abstract class Balancer
{
    /// <summary>Makes one.</summary>
    internal static Balancer Create(BalancingStrategy strategy, SeededRandom random) => strategy switch
    {
        BalancingStrategy.RoundRobin => new RoundRobinBalancer(),
        BalancingStrategy.Weighted => new WeightedBalancer(),
        BalancingStrategy.LeastRequests => new LeastRequestsBalancer(),
        BalancingStrategy.PowerOfTwo => new PowerOfTwoBalancer(random),
        BalancingStrategy.ConsistentHash => new ConsistentHashBalancer(),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "No such strategy."),
    };

    /// <summary>Chooses, and takes the chosen one for a request: its health is asked, nothing is counted.</summary>
    /// <param name="targets">All of them, available or not; not empty.</param>
    /// <param name="tried">Those that come last, because the call has tried them.</param>
    /// <param name="key">The hash of what consistent hashing goes by.</param>
    /// <returns>Null where none is available.</returns>
    internal BalancingTarget? Pick(ReadOnlySpan<BalancingTarget> targets, in TriedTargets tried, ulong key)
    {
        // A trial can be taken by another request between choosing and taking; then the next best is chosen. No more turns than there are targets, and a last look.
        for (var turn = 0; turn <= targets.Length; turn++)
        {
            var target = Choose(targets, new Candidates(tried, untriedOnly: true), key) ?? Choose(targets, new Candidates(tried, untriedOnly: false), key);
            if (target is null || target.Health.TryTake())
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>Chooses among the candidates; null where there is none.</summary>
    private protected abstract BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key);

    /// <summary>Says which targets may be chosen.</summary>
    private protected readonly struct Candidates(in TriedTargets tried, bool untriedOnly)
    {
        private readonly TriedTargets _tried = tried;

        internal bool Include(BalancingTarget target) => target.Health.IsAvailable && !(untriedOnly && _tried.Contains(target));
    }
}
