using System.Collections.Concurrent;
using Peregrine.Execution.Switches;
using Peregrine.Gateway.Admin;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// The switches of a gateway's policies, for whoever operates it: one for each kind of policy that a server, a tier or a pattern of tools has. <see cref="List"/> gives them all, <see cref="TrySet"/>
/// turns one on or off or on for a share of the calls; a change holds for calls that begin after it, and survives a reload of the configuration, not a restart. Thread-safe.
/// </summary>
/// <remarks>
/// Names: <c>servers.NAME.KIND</c> for what defaults and servers ask for, <c>tiers.TIER.KIND</c> for what tiers do, <c>tools.PATTERN.KIND</c> for what patterns do. Kinds: <c>timeout</c>, <c>rate-limit</c>, <c>client-rate-limit</c>,
/// <c>bulkhead</c>, <c>breaker</c>, <c>retry</c>, <c>size-limits</c>, <c>cache</c>, <c>coalescing</c>, <c>once</c>, <c>shedding</c>, <c>compression</c>. The part of a call that a switch decides on is a share of a hundred calls in a row, exactly.
/// </remarks>
internal sealed class PolicySwitches : INamedSwitches
{
    private readonly ConcurrentDictionary<string, RuntimeSwitch> _switches = new(StringComparer.Ordinal);

    /// <summary>All switches as they are now, in the order of their names.</summary>
    internal IReadOnlyList<NamedSwitch> List() =>
        [.. _switches.Values.OrderBy(static one => one.Name, StringComparer.Ordinal).Select(static one => new NamedSwitch(one.Name, one.Description, one.Percent))];

    /// <inheritdoc/>
    IEnumerable<NamedSwitch> INamedSwitches.All => List();

    /// <inheritdoc/>
    bool INamedSwitches.TrySet(string name, int percent) => TrySet(name, percent, out _);

    /// <summary>Sets a switch.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="percent">For how many of a hundred calls it is to be on. 0 to 100.</param>
    /// <param name="fault">What is wrong, for the one who asked; null where it was set.</param>
    /// <returns>True where it was set.</returns>
    internal bool TrySet(string name, int percent, out string? fault)
    {
        fault = !_switches.TryGetValue(name, out var found) ? $"There is no switch \"{name}\"; there are {(_switches.IsEmpty ? "none" : string.Join(", ", List().Select(static one => one.Name)))}."
            : percent is < 0 or > 100 ? $"The share is {percent}; it must be from 0 to 100 of a hundred calls."
            : null;
        if (fault is null)
        {
            found!.Percent = percent;
        }

        return fault is null;
    }

    /// <summary>The switch of a kind in a scope, made where there is none.</summary>
    internal RuntimeSwitch Of(string scope, PolicyKind kind) =>
        _switches.GetOrAdd($"{scope}.{kind.Name()}", static (name, kind) => new RuntimeSwitch(name, kind.Describe()), kind);

    /// <summary>Forgets those whose scope nobody asks for any more.</summary>
    internal void Keep(IReadOnlySet<string> names)
    {
        foreach (var name in _switches.Keys.Where(name => !names.Contains(name)))
        {
            _switches.TryRemove(name, out _);
        }
    }
}
