using Peregrine.Execution.Scheduling;

namespace Peregrine.Gateway.Policies;

/// <summary>Settings of one server, of one tier or of one pattern: what its limits, breakers and switches are told apart by. Immutable.</summary>
/// <param name="Name"><c>servers.NAME</c>, <c>tiers.TIER</c> or <c>tools.PATTERN</c>.</param>
/// <param name="Settings">What it asks for.</param>
internal sealed record PolicyScope(string Name, PolicySettings Settings)
{
    /// <summary>The scope of a server: its own settings before the defaults.</summary>
    internal static PolicyScope OfServer(string server, PolicyConfiguration policies) =>
        new($"servers.{server}", policies.Servers.TryGetValue(server, out var own) ? own.Over(policies.Defaults) : policies.Defaults);

    /// <summary>The scope of a tier.</summary>
    internal static PolicyScope OfTier(CallTier tier, PolicySettings settings) => new($"tiers.{NameOf(tier)}", settings);

    /// <summary>What a tier is called in configuration files.</summary>
    internal static string NameOf(CallTier tier) => tier switch { CallTier.Fast => "fast", CallTier.Slow => "slow", _ => "normal" };

    /// <summary>The scope of a pattern.</summary>
    internal static PolicyScope OfPattern(PolicyPattern pattern) => new($"tools.{pattern.Pattern}", pattern.Settings);
}
