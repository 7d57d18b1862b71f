namespace Peregrine.Execution.Balancing;

internal sealed class RoundRobinBalancer : Balancer
{
    private int _next = -1;

    private protected override BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key)
    {
        var start = (uint)Interlocked.Increment(ref _next);
        for (var i = 0u; i < targets.Length; i++)
        {
            var target = targets[(int)((start + i) % (uint)targets.Length)];
            if (candidates.Include(target))
            {
                return target;
            }
        }

        return null;
    }
}
