namespace Peregrine.Load.Results;

/// <summary>What the target used.</summary>
/// <param name="ProcessId">The process at the root; null where none was seen.</param>
/// <param name="Absent">Why there are no samples; null where there are.</param>
/// <param name="Samples">Four a second.</param>
/// <param name="Before">Before any load, with the one connection over which the conversation was opened; null where it was not seen.</param>
public sealed record ResourceData(int? ProcessId, string? Absent, IReadOnlyList<ResourceSample> Samples, ResourceSample? Before = null);
