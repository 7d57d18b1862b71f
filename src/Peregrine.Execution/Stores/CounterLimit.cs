namespace Peregrine.Execution.Stores;

/// <summary>A bucket of tokens: how many it holds, and how fast it fills.</summary>
/// <param name="Capacity">How many tokens it holds when it is full, as it is at first. More than zero.</param>
/// <param name="PerSecond">How many come back each second. Zero or more.</param>
public readonly record struct CounterLimit(double Capacity, double PerSecond);
