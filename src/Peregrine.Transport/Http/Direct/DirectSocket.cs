using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Transport.Http.Direct;

/// <summary>
/// One HTTP/1.1 connection: its socket, what was read of it and not yet used, and what may break it off while a request is on it. Serves one request at a time; only what
/// breaks it off comes from elsewhere.
/// </summary>
internal sealed class DirectSocket : IDisposable
{
    private const int BufferLength = 4 * 1024;

    // A head this long is no head.
    private const int MaxHead = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly Action _onClosed;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private ITimer? _timer;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _ownerRegistration;
    private ValueTask<int> _reading;
    private bool _isReading;
    private ReplyPolling? _polling;
    private long _deadline;
    private long _due;
    private bool _busy;
    private int _disposed;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Disposed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onClosed">Called once, when it is closed.</param>
    internal DirectSocket(Socket socket, TimeProvider time, Action onClosed)
    {
        _socket = socket;
        _time = time;
        _onClosed = onClosed;
        _buffer = PooledArrays.Rent<byte>(BufferLength);
        OpenedAt = time.GetTimestamp();
    }

    /// <summary>When it was opened.</summary>
    internal long OpenedAt { get; }

    /// <summary>When it was last used.</summary>
    internal long IdleSince { get; private set; }

    /// <summary>For how long the server keeps it idle; zero where it does not say.</summary>
    internal TimeSpan KeepAlive { get; set; }

    /// <summary>Why the request was broken off; None where it was not.</summary>
    internal BreakReason Broken { get; private set; }

    /// <summary>What was read and not yet used.</summary>
    internal ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>True where the server has neither closed it nor sent what nobody asked for.</summary>
    internal bool IsUsable => _start == _end && _disposed == 0 && !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>
    /// Begins to read the response to a request that is not yet sent. What the server did while the socket was idle shows at once, and the read that asked for it is the one that the response comes by: one
    /// system call for both.
    /// </summary>
    /// <param name="polling">Reads the response instead, at first; then one system call more looks at the idle socket. Null for none.</param>
    /// <returns>False where the server has closed it or sent what nobody asked for: it is of no use.</returns>
    internal bool TryBeginReading(ReplyPolling? polling)
    {
        if (_start != _end || _disposed != 0)
        {
            return false;
        }

        try
        {
            _polling = polling;
            if (polling is not null)
            {
                _socket.Blocking = false;
                _socket.Receive(_buffer.AsSpan(0, 1), SocketFlags.Peek, out var error);
                return error == SocketError.WouldBlock;
            }

#pragma warning disable CA2012 // Consumed once: by the first read of the response, or never, where the socket is closed before.
            _reading = _socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None);
#pragma warning restore CA2012
            _isReading = !_reading.IsCompleted;
            return _isReading;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A request begins: from now on each of the three may break it off.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="timeout">How long it may take; zero for no bound.</param>
    /// <param name="caller">The caller's token.</param>
    /// <param name="owner">Fires when the MCP connection is closed.</param>
    internal void Begin(long now, TimeSpan timeout, CancellationToken caller, CancellationToken owner)
    {
        lock (_gate)
        {
            _busy = true;
            Broken = BreakReason.None;
            _deadline = timeout > TimeSpan.Zero ? now + (long)(timeout.TotalSeconds * _time.TimestampFrequency) : 0;

            // A timer that is to fire earlier looks again then: most requests need not touch it.
            if (_deadline != 0 && (_due == 0 || _due > _deadline))
            {
                Arm(timeout);
            }
        }

        _callerRegistration = caller.UnsafeRegister(static state => ((DirectSocket)state!).Break(BreakReason.Cancelled), this);
        _ownerRegistration = owner.UnsafeRegister(static state => ((DirectSocket)state!).Break(BreakReason.Closed), this);
    }

    /// <summary>Something else watches the time from now on.</summary>
    internal void StopClock()
    {
        lock (_gate)
        {
            _deadline = 0;
        }
    }

    /// <summary>The request has ended: nothing breaks anything off any more.</summary>
    internal void End()
    {
        // Waits for a callback that runs just now, lest it hit the next request.
        _callerRegistration.Dispose();
        _ownerRegistration.Dispose();
        lock (_gate)
        {
            _busy = false;
            _deadline = 0;
        }

        IdleSince = _time.GetTimestamp();
    }

    /// <summary>Sends all of it.</summary>
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = _socket.SendAsync(bytes, SocketFlags.None);
        while (true)
        {
            bytes = bytes[await sending.ConfigureAwait(false)..];
            if (bytes.IsEmpty)
            {
                return;
            }

            sending = _socket.SendAsync(bytes, SocketFlags.None);
        }
    }

    /// <summary>
    /// Reads the head of the response; it lies at the beginning of <see cref="Unread"/> then. Interim responses are passed over: they announce the one that counts (RFC 9110, section 15.2).
    /// </summary>
    /// <returns>Its length.</returns>
    /// <exception cref="IOException">The connection ended before, or what comes is no head.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<int> ReadHeadAsync()
    {
        while (true)
        {
            var length = ResponseHead.FindEnd(Unread);
            if (length > 0)
            {
                if (!ResponseHead.IsInterim(Unread[..length]))
                {
                    return length;
                }

                Skip(length);
                continue;
            }

            if (_end - _start > MaxHead)
            {
                throw new IOException("What came is no HTTP/1.1 response.");
            }

            var count = await ReceiveAsync().ConfigureAwait(false);
            _end += count > 0 ? count : throw new IOException("The server closed the connection.");
        }
    }

    /// <summary>Passes over bytes that were read.</summary>
    internal void Skip(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Reads into the caller's memory: first what was read already.</summary>
    /// <returns>How many bytes; 0 at the end of the connection.</returns>
    internal ValueTask<int> ReadAsync(Memory<byte> target)
    {
        if (_end > _start)
        {
            var count = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(target.Span);
            Skip(count);
            return new ValueTask<int>(count);
        }

        return _socket.ReceiveAsync(target, SocketFlags.None);
    }

    /// <summary>Reads more behind what is unread.</summary>
    /// <returns>False at the end of the connection.</returns>
    internal async ValueTask<bool> ReadMoreAsync()
    {
        var count = await ReceiveAsync().ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    /// <summary>Breaks off whatever is on it.</summary>
    internal void Break(BreakReason reason)
    {
        lock (_gate)
        {
            if (!_busy || Broken != BreakReason.None)
            {
                return;
            }

            Broken = reason;
        }

        Close();
    }

    public void Dispose() => Close();

    /// <summary>Gives the memory back; only where nothing reads or writes any more.</summary>
    internal void Release()
    {
        Close();
        var buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        _timer?.Dispose();
        if (_isReading)
        {
            // Nobody waited for the read, which may still write into it.
            PooledArrays.Abandon(buffer);
        }
        else if (buffer.Length > 0)
        {
            PooledArrays.Return(buffer);
        }
    }

    // Reads behind what is unread; the first time by the read that was begun before the request was sent.
    private ValueTask<int> ReceiveAsync()
    {
        if (_isReading)
        {
            _isReading = false;
            return _reading;
        }

        MakeRoom();
        if (_polling is { } polling)
        {
            _polling = null;
            if (polling.TryReceive(_socket, _buffer.AsSpan(_end), out var count))
            {
                return new ValueTask<int>(count);
            }
        }

        return _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _socket.Dispose();
            _onClosed();
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var unread = _end - _start;
        var target = unread > _buffer.Length / 2 ? PooledArrays.Rent<byte>(_buffer.Length * 2) : _buffer;
        _buffer.AsSpan(_start, unread).CopyTo(target);
        if (target != _buffer)
        {
            PooledArrays.Return(_buffer);
            _buffer = target;
        }

        (_start, _end) = (0, unread);
    }

    // Under the lock.
    private void Arm(TimeSpan after)
    {
        _due = _deadline;
        if (_timer is not null)
        {
            _timer.Change(after, Timeout.InfiniteTimeSpan);
            return;
        }

        // Without this the timer would keep the first caller's async-locals alive as long as the connection.
        var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        using (flow)
        {
            _timer = _time.CreateTimer(static state => ((DirectSocket)state!).OnTimer(), this, after, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _due = 0;
            if (!_busy || _deadline == 0)
            {
                return;
            }

            var left = _time.GetElapsedTime(_time.GetTimestamp(), _deadline);
            if (left > TimeSpan.Zero)
            {
                Arm(left);
                return;
            }

            // In the same breath, lest it hit the next request.
            if (Broken != BreakReason.None)
            {
                return;
            }

            Broken = BreakReason.TimedOut;
        }

        Close();
    }
}
