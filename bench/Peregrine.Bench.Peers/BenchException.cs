namespace Peregrine.Bench.Peers;

/// <summary>A target could not be measured: it did not start, died, or answered wrongly. The text is for the report.</summary>
internal sealed class BenchException(string message) : Exception(message);
