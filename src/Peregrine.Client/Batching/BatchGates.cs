using System.Collections.Concurrent;
using Peregrine.Execution.Resilience;

namespace Peregrine.Client.Batching;

/// <summary>
/// The gates of one client. Those that find their limit by themselves are kept: what one batch has found out about the server the next one begins with, and batches that run at once share it.
/// Thread-safe.
/// </summary>
internal sealed class BatchGates(TimeProvider time)
{
    private const int MaxKept = 16;

    private readonly ConcurrentDictionary<AdaptiveLimitOptions, AdaptiveGate> _gates = new();

    internal AdaptiveGate Fixed(int most) => Create(new AdaptiveLimitOptions { Min = most, Max = most, Initial = most });

    internal AdaptiveGate For(AdaptiveLimitOptions bounds) =>
        _gates.TryGetValue(bounds, out var gate) ? gate
        : _gates.Count < MaxKept ? _gates.GetOrAdd(bounds, Create(bounds))
        : Create(bounds);

    private AdaptiveGate Create(AdaptiveLimitOptions bounds) => new(new AdaptiveLimit(bounds), time);
}
