namespace Peregrine.Gateway.Admin;

/// <summary>A part of the gateway whose features are turned on and off while it runs. Thread-safe.</summary>
internal interface INamedSwitches
{
    /// <summary>Its switches as they are now, in a fixed order.</summary>
    IEnumerable<NamedSwitch> All { get; }

    /// <summary>Sets one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="percent">For how many of a hundred calls it is on. 0 to 100.</param>
    /// <returns>False where there is none of that name here.</returns>
    bool TrySet(string name, int percent);
}
