using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Peregrine.Transport.Http.Direct;

namespace Peregrine.Transport.Http;

/// <content>Sockets of our own, beside those of the framework's handler: the same bounds, the same counts.</content>
public sealed partial class HttpSockets
{
    // A server that says when it will close an idle connection may be a little early.
    private static readonly TimeSpan KeepAliveMargin = TimeSpan.FromSeconds(1);

    // What a server has closed is let go after so long at the latest: one look at each idle socket.
    private static readonly TimeSpan LongestSweepPeriod = TimeSpan.FromSeconds(15);

    private readonly Lock _ownGate = new();
    private readonly List<DirectSocket> _idle = [];
    private readonly ReplyPolling _polling;
    private ITimer? _sweeping;
    private bool _ownDisposed;

    /// <summary>True where requests may go over sockets of our own.</summary>
    internal bool HasOwnSockets { get; }

    /// <summary>Sockets of our own that wait for a request.</summary>
    internal int IdleSockets
    {
        get
        {
            lock (_ownGate)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Takes an idle socket, the one used last, that reads already: it counts as taken until <see cref="Return"/>.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="mayPoll">True where the reply may be polled for.</param>
    /// <param name="socket">The socket.</param>
    internal bool TryRent(long now, bool mayPoll, [NotNullWhen(true)] out DirectSocket? socket)
    {
        socket = null;
        if (!_slots.Wait(0, CancellationToken.None))
        {
            return false;
        }

        if (TryPopFresh(now, mayPoll && _polling.IsDue ? _polling : null, out socket))
        {
            return true;
        }

        _slots.Release();
        return false;
    }

    /// <summary>Takes an idle socket, or opens one; waits where there are too many.</summary>
    /// <exception cref="HttpRequestException">It could not be opened.</exception>
    internal async ValueTask<DirectSocket> RentAsync(Uri endpoint, string peer, CancellationToken cancellationToken)
    {
        if (!_slots.Wait(0, CancellationToken.None))
        {
            await WaitForSlotAsync(peer, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (TryPopFresh(_timeProvider.GetTimestamp(), polling: null, out var idle))
            {
                return idle;
            }

            var socket = await OpenOwnAsync(endpoint, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _requests);
            return socket;
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Gives a socket back.</summary>
    /// <param name="socket">Nothing reads or writes on it any more.</param>
    /// <param name="reusable">True where the response was read to its end and the server keeps the connection.</param>
    internal void Return(DirectSocket socket, bool reusable)
    {
        if (!reusable || socket.Broken != BreakReason.None || !TryKeep(socket))
        {
            socket.Release();
        }

        _slots.Release();
    }

    private bool TryKeep(DirectSocket socket)
    {
        lock (_ownGate)
        {
            if (_ownDisposed)
            {
                return false;
            }

            _idle.Add(socket);
            if (_sweeping is null)
            {
                var period = _options.IdleTimeout < LongestSweepPeriod ? _options.IdleTimeout : LongestSweepPeriod;

                // Without this the timer would keep the first caller's async-locals alive as long as the pool.
                var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
                using (flow)
                {
                    _sweeping = _timeProvider.CreateTimer(static state => ((HttpSockets)state!).SweepIdle(), this, period, period);
                }
            }

            return true;
        }
    }

    private bool TryPopFresh(long now, ReplyPolling? polling, [NotNullWhen(true)] out DirectSocket? socket)
    {
        while ((socket = PopIdle()) is not null)
        {
            if (IsYoung(socket, now) && socket.TryBeginReading(polling))
            {
                Interlocked.Increment(ref _requests);
                return true;
            }

            socket.Release();
        }

        return false;
    }

    private DirectSocket? PopIdle()
    {
        lock (_ownGate)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            var socket = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return socket;
        }
    }

    private bool IsYoung(DirectSocket socket, long now)
    {
        var idle = _timeProvider.GetElapsedTime(socket.IdleSince, now);
        return idle < _options.IdleTimeout
            && (socket.KeepAlive == TimeSpan.Zero || idle < socket.KeepAlive - KeepAliveMargin)
            && _timeProvider.GetElapsedTime(socket.OpenedAt, now) < _options.Lifetime;
    }

    private void SweepIdle()
    {
        List<DirectSocket> old;
        var now = _timeProvider.GetTimestamp();
        lock (_ownGate)
        {
            old = _idle.FindAll(socket => !IsYoung(socket, now) || !socket.IsUsable);
            _idle.RemoveAll(old.Contains);
        }

        old.ForEach(static socket => socket.Release());
    }

    private async ValueTask<DirectSocket> OpenOwnAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(endpoint.IdnHost, endpoint.Port), both.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw exception is SocketException or OperationCanceledException
                ? new HttpRequestException(HttpRequestError.ConnectionError, exception is SocketException ? exception.Message : "connecting took too long.", exception)
                : exception;
        }

        Interlocked.Increment(ref _opened);
        return new DirectSocket(socket, _timeProvider, NoteClosed);
    }

    private void NoteClosed() => Interlocked.Increment(ref _closed);

    private void DisposeOwn()
    {
        DirectSocket[] idle;
        lock (_ownGate)
        {
            _ownDisposed = true;
            idle = [.. _idle];
            _idle.Clear();
            _sweeping?.Dispose();
        }

        foreach (var socket in idle)
        {
            socket.Release();
        }
    }
}
