using Peregrine.Gateway.Policies;

namespace Peregrine.Gateway.Admin;

/// <summary>The switches of a gateway's policies. Thread-safe.</summary>
internal sealed class PolicySwitchList(PolicySwitches switches) : INamedSwitches
{
    /// <inheritdoc/>
    public IEnumerable<NamedSwitch> All => switches.List().Select(static one => new NamedSwitch(one.Name, one.Description, one.Percent));

    /// <inheritdoc/>
    public bool TrySet(string name, int percent) => switches.TrySet(name, percent, out _);
}
