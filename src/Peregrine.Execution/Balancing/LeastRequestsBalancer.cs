namespace Peregrine.Execution.Balancing;

internal sealed class LeastRequestsBalancer : Balancer
{
    private int _next = -1;

    private protected override BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key)
    {
        // Each time from another place on, so that equals get their turn.
        var start = (uint)Interlocked.Increment(ref _next);
        BalancingTarget? best = null;
        var least = double.MaxValue;
        for (var i = 0u; i < targets.Length; i++)
        {
            var target = targets[(int)((start + i) % (uint)targets.Length)];
            if (target.Load < least && candidates.Include(target))
            {
                best = target;
                least = target.Load;
            }
        }

        return best;
    }
}
