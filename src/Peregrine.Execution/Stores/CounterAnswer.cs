namespace Peregrine.Execution.Stores;

/// <summary>What became of the wish to take tokens.</summary>
/// <param name="IsTaken">True where they were taken; else none was.</param>
/// <param name="Left">How many are left.</param>
/// <param name="RetryAfter">Where not taken: when there will be enough, if nobody else takes any; <see cref="TimeSpan.MaxValue"/> where that is never.</param>
public readonly record struct CounterAnswer(bool IsTaken, double Left, TimeSpan RetryAfter);
