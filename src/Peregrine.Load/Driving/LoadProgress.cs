namespace Peregrine.Load.Driving;

/// <summary>How a run goes, told about once a second.</summary>
/// <param name="IsWarmUp">True before the measurement.</param>
/// <param name="Elapsed">Since the warm-up or the measurement began.</param>
/// <param name="Length">How long it may take.</param>
/// <param name="Second">What the last whole second brought.</param>
/// <param name="Errors">Calls that failed since the beginning.</param>
/// <param name="Resources">What the target used last; null during the warm-up, and where it is not seen.</param>
public sealed record LoadProgress(bool IsWarmUp, TimeSpan Elapsed, TimeSpan Length, Results.SeriesPoint Second, long Errors, Results.ResourceSample? Resources = null);
