using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Instruments;

/// <summary>What is known of one call.</summary>
/// <param name="Number">Its number, in order of arrival.</param>
/// <param name="Method">What was asked.</param>
/// <param name="Name">Of which tool, prompt or resource; null where that is not known.</param>
/// <param name="Began">When.</param>
/// <param name="Elapsed">How long it took, or has taken so far.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
public sealed record CallRecord(long Number, string Method, string? Name, DateTimeOffset Began, TimeSpan Elapsed, RequestOutcome? Outcome);
