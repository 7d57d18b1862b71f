namespace Peregrine.Execution.Balancing;

/// <summary>Which targets one call has tried already. Remembers those with an index below 64.</summary>
internal struct TriedTargets
{
    private ulong _bits;

    internal readonly bool Contains(BalancingTarget target) => target.Index < 64 && (_bits & (1UL << target.Index)) != 0;

    internal void Add(BalancingTarget target)
    {
        if (target.Index < 64)
        {
            _bits |= 1UL << target.Index;
        }
    }
}
