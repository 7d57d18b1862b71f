using Peregrine.Execution.Switches;

namespace Peregrine.Gateway.Admin;

/// <summary>The switches of a set that belongs to the gateway itself. Thread-safe.</summary>
internal sealed class RuntimeSwitchList(RuntimeSwitches switches) : INamedSwitches
{
    /// <inheritdoc/>
    public IEnumerable<NamedSwitch> All => switches.All.Select(static one => new NamedSwitch(one.Name, one.Description, one.Percent));

    /// <inheritdoc/>
    public bool TrySet(string name, int percent)
    {
        if (switches.Find(name) is not { } found)
        {
            return false;
        }

        found.Percent = percent;
        return true;
    }
}
