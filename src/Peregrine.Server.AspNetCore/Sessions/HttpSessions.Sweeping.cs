using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Server.AspNetCore.Sessions;

// One timer that ends what has expired, and one that keeps connections alive, for all sessions.
internal sealed partial class HttpSessions
{
    private readonly HashSet<EventConnection> _connections = [];
    private readonly HashSet<HttpExchange> _calls = [];
    private ITimer? _sweeper;
    private ITimer? _keepAlive;
    private int _sweeping;
    private bool _stopped;

    /// <summary>How many connections are open for reading.</summary>
    internal int OpenConnections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>How many calls answer with a stream.</summary>
    internal int StreamingCalls
    {
        get
        {
            lock (_gate)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Keeps a connection alive from now on.</summary>
    internal void Add(EventConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
            if (_stopped)
            {
                connection.End();
            }
            else
            {
                StartKeepAlive();
            }
        }
    }

    /// <summary>Keeps the stream of a call alive from now on.</summary>
    internal void Add(HttpExchange call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            if (!_stopped)
            {
                StartKeepAlive();
            }
        }
    }

    internal void Remove(HttpExchange call)
    {
        lock (_gate)
        {
            _calls.Remove(call);
        }
    }

    internal void Remove(EventConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    /// <summary>The process ends: connections are closed, so that they do not hold it up. Sessions stay as they are: their clients may find them after a restart.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _sweeper?.Dispose();
            _keepAlive?.Dispose();
            foreach (var connection in _connections)
            {
                connection.End();
            }
        }
    }

    private void StartKeepAlive() => _keepAlive ??= _time.CreateTimer(static state => ((HttpSessions)state!).KeepAlive(), this, Options.KeepAlive, Options.KeepAlive);

    private void KeepAlive()
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
            {
                connection.KeepAlive();
            }

            foreach (var call in _calls)
            {
                _ = call.KeepAliveAsync(call.Generation);
            }
        }
    }

    private void StartSweeping()
    {
        if (Volatile.Read(ref _sweeper) is not null)
        {
            return;
        }

        lock (_gate)
        {
            if (_sweeper is null && !_stopped)
            {
                // Often enough that nothing lives much longer than it should, and never more than once a second.
                var shortest = TimeSpan.FromTicks(Math.Min(Options.IdleTime.Ticks, Options.ReplayTime.Ticks));
                var period = TimeSpan.FromSeconds(Math.Clamp(shortest.TotalSeconds / 4, 1, 60));
                _sweeper = _time.CreateTimer(static state => _ = ((HttpSessions)state!).SweepAsync(), this, period, period);
            }
        }
    }

    // Sweeps that take longer than their period do not pile up.
    private async Task SweepAsync()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        try
        {
            var now = Now;
            foreach (var (id, session) in _byId)
            {
                if (session.TryExpire(now))
                {
                    if (Remove(session))
                    {
                        SessionLog.Expired(_logger, session.Version);
                        await ForgetAsync(id).ConfigureAwait(false);
                    }
                }
                else
                {
                    session.SweepStreams(now);
                    await SaveChangesAsync(session).ConfigureAwait(false);
                }
            }

            await ForgetExpiredAsync(now).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
