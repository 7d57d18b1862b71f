namespace Peregrine.Load.Workloads;

/// <summary>
/// Subscribers of a resource, each on a stream of its own, that are there before the load begins. A call of the workload then counts as done when its reply has come and all of them
/// have heard that the resource changed.
/// </summary>
public sealed record Audience
{
    /// <summary>The most subscribers.</summary>
    public const int MaxCount = 20_000;

    /// <summary>The resource; the calls must change it.</summary>
    public required string Uri { get; init; }

    /// <summary>How many: 1 to <see cref="MaxCount"/>.</summary>
    public required int Count { get; init; }
}
