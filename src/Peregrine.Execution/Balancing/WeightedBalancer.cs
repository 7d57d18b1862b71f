namespace Peregrine.Execution.Balancing;

/// <summary>
/// Smooth weighted round robin, as nginx does it: each candidate gains its weight, the richest is chosen and pays for all. So 5:1:1 gives a a b a c a a, not a a a a a b c.
/// </summary>
internal sealed class WeightedBalancer : Balancer
{
    private readonly Lock _gate = new();
    private long[] _credit = [];

    private protected override BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key)
    {
        lock (_gate)
        {
            if (_credit.Length < targets.Length)
            {
                Array.Resize(ref _credit, targets.Length);
            }

            BalancingTarget? best = null;
            var total = 0L;
            foreach (var target in targets)
            {
                if (!candidates.Include(target))
                {
                    continue;
                }

                total += target.Weight;
                _credit[target.Index] += target.Weight;
                if (best is null || _credit[target.Index] > _credit[best.Index])
                {
                    best = target;
                }
            }

            if (best is not null)
            {
                _credit[best.Index] -= total;
            }

            return best;
        }
    }
}
