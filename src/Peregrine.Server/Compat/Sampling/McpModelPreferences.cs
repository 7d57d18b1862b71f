namespace Peregrine.Server.Compat.Sampling;

/// <summary>Which model a client should take; it decides itself. Deprecated in 2026-07-28 with sampling itself.</summary>
public sealed record McpModelPreferences
{
    /// <summary>Names of models, or parts of them, the best first.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>How much a low price counts, 0 to 1; null leaves it out.</summary>
    public double? CostPriority { get; init; }

    /// <summary>How much speed counts, 0 to 1; null leaves it out.</summary>
    public double? SpeedPriority { get; init; }

    /// <summary>How much ability counts, 0 to 1; null leaves it out.</summary>
    public double? IntelligencePriority { get; init; }
}
