namespace Peregrine.Gateway.Policies;

/// <summary>Settings of one server or of one pattern: what its limits, breakers and switches are told apart by. Immutable.</summary>
/// <param name="Name"><c>servers.NAME</c> or <c>tools.PATTERN</c>.</param>
/// <param name="Settings">What it asks for.</param>
internal sealed record PolicyScope(string Name, PolicySettings Settings)
{
    /// <summary>The scope of a server: its own settings before the defaults.</summary>
    internal static PolicyScope OfServer(string server, PolicyConfiguration policies) =>
        new($"servers.{server}", policies.Servers.TryGetValue(server, out var own) ? own.Over(policies.Defaults) : policies.Defaults);

    /// <summary>The scope of a pattern.</summary>
    internal static PolicyScope OfPattern(PolicyPattern pattern) => new($"tools.{pattern.Pattern}", pattern.Settings);
}
