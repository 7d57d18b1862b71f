namespace Peregrine.Execution.Switches;

/// <summary>The switches of one server, client or gateway, in the order in which they were added. Thread-safe.</summary>
public sealed class RuntimeSwitches
{
    private readonly Lock _gate = new();
    private volatile RuntimeSwitch[] _switches = [];

    /// <summary>All, as they are now.</summary>
    public IReadOnlyList<RuntimeSwitch> All => _switches;

    /// <summary>The switch of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public RuntimeSwitch this[string name] =>
        Find(name) ?? throw new KeyNotFoundException($"There is no switch \"{name}\". There are: {string.Join(", ", _switches.Select(static s => s.Name))}.");

    /// <summary>The switch of this name; null where there is none.</summary>
    public RuntimeSwitch? Find(string name) => Array.Find(_switches, s => s.Name == name);

    /// <summary>Adds a switch.</summary>
    /// <param name="name">Its name, unique here.</param>
    /// <param name="description">What it turns on or off, one sentence.</param>
    /// <param name="isOn">How it begins.</param>
    /// <returns>The switch: keep it, finding it is not for the path of a call.</returns>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public RuntimeSwitch Add(string name, string description, bool isOn = true)
    {
        var added = new RuntimeSwitch(name, description, isOn);
        lock (_gate)
        {
            if (Find(name) is not null)
            {
                throw new ArgumentException($"There is a switch \"{name}\" already.", nameof(name));
            }

            _switches = [.. _switches, added];
        }

        return added;
    }
}
