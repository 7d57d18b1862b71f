namespace Peregrine.Load.Results;

/// <summary>One second of a run.</summary>
/// <param name="Second">Which, from 0; the last may be shorter.</param>
/// <param name="Succeeded">Calls that ended well.</param>
/// <param name="Failed">Calls that did not.</param>
/// <param name="P50">Half of them took no longer, in nanoseconds.</param>
/// <param name="P99">99 of 100 took no longer, in nanoseconds.</param>
/// <param name="Max">The longest, in nanoseconds.</param>
public sealed record SeriesPoint(int Second, long Succeeded, long Failed, long P50, long P99, long Max);
