using System.Collections.Concurrent;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>Keeps sessions in memory: for an endpoint that is taken down and mapped again in the same process, and for tests. Thread-safe.</summary>
public sealed class InMemorySessionStore : IMcpSessionStore
{
    private readonly ConcurrentDictionary<string, (byte[] Record, DateTimeOffset Expires)> _kept = new(StringComparer.Ordinal);

    /// <summary>How many sessions are kept.</summary>
    public int Count => _kept.Count;

    /// <inheritdoc/>
    public ValueTask SaveAsync(string id, ReadOnlyMemory<byte> record, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        _kept[id] = (record.ToArray(), expires);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadAsync(string id, CancellationToken cancellationToken) =>
        new(_kept.TryGetValue(id, out var kept) ? kept.Record : null);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _kept.TryRemove(id, out _);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (id, kept) in _kept)
        {
            if (kept.Expires <= now)
            {
                _kept.TryRemove(id, out _);
            }
        }

        return default;
    }
}
