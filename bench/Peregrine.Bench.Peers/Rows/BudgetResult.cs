namespace Peregrine.Bench.Peers.Rows;

/// <summary>A budget, and how our server stands to it.</summary>
/// <param name="Text">The budget as a sentence.</param>
/// <param name="Value">What was measured: null where something was not measured.</param>
/// <param name="Unit">Of the value: <c>ratio</c> or <c>bytes</c>.</param>
/// <param name="IsMet">Null where it could not be judged.</param>
internal sealed record BudgetResult(string Text, double? Value, string Unit, bool? IsMet);
