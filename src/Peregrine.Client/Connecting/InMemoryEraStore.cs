using System.Collections.Concurrent;

namespace Peregrine.Client.Connecting;

/// <summary>Remembers eras as long as it lives itself, of the last servers up to a bound. Thread-safe.</summary>
public sealed class InMemoryEraStore : IEraStore
{
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<string, RememberedEra> _eras = new(StringComparer.Ordinal);

    /// <summary>The one that all clients of the process share unless told otherwise.</summary>
    public static InMemoryEraStore Shared { get; } = new();

    /// <inheritdoc/>
    public ValueTask<RememberedEra?> FindAsync(string server, CancellationToken cancellationToken = default) =>
        new(_eras.TryGetValue(server, out var era) ? era : null);

    /// <inheritdoc/>
    public ValueTask RememberAsync(string server, RememberedEra era, CancellationToken cancellationToken = default)
    {
        // Whoever connects to that many servers finds out again: that costs one request each.
        if (_eras.Count >= Capacity && !_eras.ContainsKey(server))
        {
            _eras.Clear();
        }

        _eras[server] = era;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string server, CancellationToken cancellationToken = default)
    {
        _eras.TryRemove(server, out _);
        return ValueTask.CompletedTask;
    }
}
