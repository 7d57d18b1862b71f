namespace Peregrine.Load.Results;

/// <summary>Which workload was run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Names it by its content: results of different ids cannot be compared.</param>
/// <param name="Loop"><c>open</c>: calls are due by the clock. <c>closed</c>: users call one after another.</param>
/// <param name="Rate">The highest rate, iterations a second; null in a closed loop.</param>
/// <param name="Concurrency">The most users; null in an open loop.</param>
/// <param name="LeftOut">Operations that the server does not have, and why.</param>
public sealed record WorkloadData(string Name, string Id, string Loop, double? Rate, int? Concurrency, IReadOnlyList<string> LeftOut);
