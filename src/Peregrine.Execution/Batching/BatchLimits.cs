namespace Peregrine.Execution.Batching;

/// <summary>How items are gathered. Immutable.</summary>
/// <param name="Max">The most items in one batch, 1 or more.</param>
/// <param name="Wait">How long the first item of a batch waits for others; zero takes what is there.</param>
public sealed record BatchLimits(int Max, TimeSpan Wait);
