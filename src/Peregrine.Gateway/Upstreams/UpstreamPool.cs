using System.Collections.Immutable;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// The connections of one upstream: as many as <see cref="PoolConfiguration.Min"/> from the start, one more whenever the least busy has too much in flight, up to
/// <see cref="PoolConfiguration.Max"/>; those that have been idle for long are ended again. Thread-safe; choosing one takes no lock.
/// </summary>
internal sealed class UpstreamPool : IAsyncDisposable
{
    private readonly PoolConfiguration _configuration;
    private readonly Func<UpstreamConnection> _make;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private UpstreamConnection[] _connections;
    private ITimer? _shrinking;
    private bool _ended;

    /// <summary>Makes a pool; nothing is started yet.</summary>
    internal UpstreamPool(PoolConfiguration configuration, Func<UpstreamConnection> make, TimeProvider time)
    {
        _configuration = configuration;
        _make = make;
        _time = time;
        First = make();
        _connections = [First, .. Enumerable.Range(1, configuration.Min - 1).Select(_ => make())];
    }

    /// <summary>The connection that is never ended.</summary>
    internal UpstreamConnection First { get; }

    internal ImmutableArray<UpstreamConnection> Connections => [.. Volatile.Read(ref _connections)];

    /// <summary>The best of its connections' states: an upstream is up as long as one of them is.</summary>
    internal UpstreamState State
    {
        get
        {
            var best = UpstreamState.Stopped;
            foreach (var connection in Volatile.Read(ref _connections))
            {
                if (connection.State == UpstreamState.Ready)
                {
                    return UpstreamState.Ready;
                }

                best = connection.State < best ? connection.State : best;
            }

            return best;
        }
    }

    /// <summary>Begins to connect.</summary>
    internal void Start()
    {
        foreach (var connection in Volatile.Read(ref _connections))
        {
            connection.Start();
        }

        if (_configuration.Max > _configuration.Min)
        {
            var look = _configuration.IdleTime / 2;
            _shrinking = _time.CreateTimer(static state => ((UpstreamPool)state!).Shrink(), this, look, look);
        }
    }

    /// <summary>The connection with the fewest calls in flight among those that are up; null where none is. Starts one more where all have too many.</summary>
    internal UpstreamConnection? Choose()
    {
        var connections = Volatile.Read(ref _connections);
        if (connections.Length == 1 && _configuration.Max == 1)
        {
            return connections[0].Session is null ? null : connections[0];
        }

        UpstreamConnection? best = null;
        var least = int.MaxValue;
        var starting = false;
        foreach (var connection in connections)
        {
            if (connection.Session is null)
            {
                starting |= connection.State is UpstreamState.Starting or UpstreamState.Restarting;
            }
            else if (connection.InFlight is var inFlight && inFlight < least)
            {
                (best, least) = (connection, inFlight);
            }
        }

        if (least >= _configuration.GrowAt && !starting && connections.Length < _configuration.Max)
        {
            Grow(connections.Length);
        }

        return best;
    }

    public async ValueTask DisposeAsync()
    {
        UpstreamConnection[] connections;
        lock (_gate)
        {
            _ended = true;
            connections = _connections;
        }

        if (_shrinking is not null)
        {
            await _shrinking.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(connections.Select(static connection => connection.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private void Grow(int seen)
    {
        UpstreamConnection added;
        lock (_gate)
        {
            // Many callers see the same need at once; it is met once.
            if (_ended || _connections.Length != seen)
            {
                return;
            }

            added = _make();
            Volatile.Write(ref _connections, [.. _connections, added]);
        }

        added.Start();
    }

    private void Shrink()
    {
        UpstreamConnection? idle;
        lock (_gate)
        {
            if (_ended || _connections.Length <= _configuration.Min)
            {
                return;
            }

            idle = Array.FindLast(_connections, connection => connection != First && connection.Session is not null && connection.IdleTime >= _configuration.IdleTime);
            if (idle is null)
            {
                return;
            }

            Volatile.Write(ref _connections, [.. _connections.Where(connection => connection != idle)]);
        }

        // A call that chose it just now finds its session closed before anything was sent, and goes to another.
        _ = idle.DisposeAsync().AsTask();
    }
}
