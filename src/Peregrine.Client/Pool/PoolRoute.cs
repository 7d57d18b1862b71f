using Peregrine.Execution.Balancing;

namespace Peregrine.Client.Pool;

/// <summary>Where the attempts of one call went. Attempts of a hedged call may use it at once: then a server may be tried twice, which does no harm.</summary>
internal sealed class PoolRoute
{
    private TriedTargets _tried;

    /// <summary>The server that the last attempt went to.</summary>
    internal BalancingTarget? Last { get; private set; }

    /// <summary>True where a server that was not tried yet is healthy, so that there is no reason to wait.</summary>
    internal bool HasOtherTarget { get; set; }

    internal TriedTargets Tried => _tried;

    internal void Add(BalancingTarget target)
    {
        _tried.Add(target);
        Last = target;
    }
}
