using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Connections;

/// <summary>
/// A connection over a pair of byte streams, one message a line: stdio of a child process, a socket, an in-memory pair. Owns the streams. A line that is no message, or
/// too long, is skipped and counted; the connection lives on.
/// </summary>
public abstract class DuplexConnection : McpConnection, IThreadPoolWorkItem
{
    // How long a peer that does not read, or does not end, is waited for while closing.
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private readonly Stream _input;
    private readonly InMemoryInput? _memory;
    private readonly Stream _output;
    private readonly DuplexConnectionOptions _options;
    private readonly FrameWriter _writer;
    private readonly PendingRequests _pending;
    private readonly IncomingRequests _incoming;
    private readonly MessageCounters _counters;
    private readonly MessageReceiver _receiver;
    private readonly WorkerSwitch _worker;
    private readonly CancellationTokenSource _stopReading = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposing;

    private protected DuplexConnection(Stream input, Stream output, string peer, DuplexConnectionOptions options)
    {
        _input = input;
        _output = output;
        _options = options;
        Peer = peer;
        _worker = new WorkerSwitch(options.Scheduler);
        _counters = new MessageCounters(options.Logger, this);
        _writer = new FrameWriter(output, options.MaxUnsentBytes, options.Scheduler, OnWriteFault);
        _pending = new PendingRequests(options.TimeProvider, options.Scheduler, OnGivenUp);
        _incoming = new IncomingRequests(this, options.MaxIncomingRequests, options.Scheduler, options.Logger, SendFrameAsync);
        _receiver = new MessageReceiver(this, _pending, _incoming, _counters, options);
        _memory = input as InMemoryInput;
        _memory?.WakeOnWriter();
    }

    /// <summary>Starts a connection over two streams that really are asynchronous: a read that blocks would hold a worker.</summary>
    /// <param name="input">What the peer sends. Owned by the connection.</param>
    /// <param name="output">What the peer receives. Owned by the connection.</param>
    /// <param name="peer">What it leads to, for messages to people.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static DuplexConnection Start(Stream input, Stream output, string peer, DuplexConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        options = Checked(options);
        var connection = new StreamConnection(input, output, peer, options);
        connection.StartReading();
        return connection;
    }

    /// <inheritdoc/>
    public override string Peer { get; }

    /// <inheritdoc/>
    public override Task Completion => _ended.Task;

    /// <inheritdoc/>
    public override ConnectionStatistics Statistics => _counters.Snapshot;

    /// <summary>Requests that wait for a reply.</summary>
    internal int InFlight => _pending.Count;

    private protected DuplexConnectionOptions Options => _options;

    private protected static DuplexConnectionOptions Checked(DuplexConnectionOptions? options)
    {
        options ??= new DuplexConnectionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxMessageLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxUnsentBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxIncomingRequests, 1, nameof(options));
        return options;
    }

    internal void StartReading() => _options.Scheduler.Schedule(this);

    /// <summary>Runs the reader. Not for callers.</summary>
    void IThreadPoolWorkItem.Execute() => _ = ReadLoopAsync();

    /// <inheritdoc/>
    public override ValueTask SendNotificationAsync(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var frame = new PooledByteWriter(256 + parameters.Length);
        JsonRpcWriter.WriteNotification(frame, method, default);
        if (!parameters.IsEmpty)
        {
            frame.Truncate(frame.Length - 1);
            frame.Write(",\"params\":"u8);
            OutgoingRequest.WriteOnOneLine(frame, parameters);
            frame.WriteByte((byte)'}');
        }

        var outcome = _writer.TryWrite(frame.WrittenSpan, evenIfFull: false);
        if (outcome == FrameWriter.Outcome.Full)
        {
            return SendWhenRoomAsync(frame, cancellationToken);
        }

        frame.Dispose();
        return outcome == FrameWriter.Outcome.Taken ? default : ValueTask.FromException(NotSent());
    }

    /// <summary>Says why the connection has ended. Called once, after the peer's last byte.</summary>
    /// <param name="cause">What reading or writing threw; null where the peer ended the stream.</param>
    private protected virtual ValueTask<string> DescribeEndAsync(Exception? cause) => new(
        cause is null ? $"{Peer} closed the connection." : $"The connection to {Peer} broke: {cause.Message}");

    /// <summary>Closes the streams and what stands behind them.</summary>
    private protected virtual async ValueTask CloseTransportAsync()
    {
        await _output.DisposeAsync().ConfigureAwait(false);
        await _input.DisposeAsync().ConfigureAwait(false);
    }

    private protected sealed override async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _disposing, 1) != 0)
        {
            await _disposed.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            _pending.Close(mayHaveRun => new McpTransportException(TransportFault.Closed, $"The connection to {Peer} was closed on this side.", mayHaveRun));
            _incoming.Dispose();
            await WithinGraceAsync(_writer.WaitForIdleAsync()).ConfigureAwait(false);
            _writer.Dispose();
            await CloseTransportAsync().ConfigureAwait(false);
            await _stopReading.CancelAsync().ConfigureAwait(false);
            await WithinGraceAsync(_ended.Task).ConfigureAwait(false);
        }
        finally
        {
            _ended.TrySetResult();
            _disposed.TrySetResult();
        }
    }

    private protected sealed override ValueTask<McpReply> SendCoreAsync(in OutgoingRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<McpReply>(cancellationToken);
        }

        var id = request.Options.ProgressToken != 0 ? request.Options.ProgressToken : NextId();
        PendingRequest entry;
        try
        {
            entry = _pending.Add(id, request, cancellationToken);
        }
        catch (McpTransportException exception)
        {
            return ValueTask.FromException<McpReply>(exception);
        }

        FrameWriter.Outcome outcome;
        try
        {
            outcome = _writer.TryWrite(request, id);
        }
        catch
        {
            Withdraw(id);
            throw;
        }

        switch (outcome)
        {
            case FrameWriter.Outcome.Taken:
                entry.Watch(_options.TimeProvider);
                return entry.Task;
            case FrameWriter.Outcome.Full:
                return SendLaterAsync(id, entry, request, cancellationToken);
            default:
                Withdraw(id);
                return RefuseAsync(cancellationToken);
        }
    }

    // Writing has failed, and reading not yet: a server that ended at once has said why, which is known in a moment.
    private async ValueTask<McpReply> RefuseAsync(CancellationToken cancellationToken)
    {
        await WithinGraceAsync(_ended.Task.WaitAsync(cancellationToken)).ConfigureAwait(false);
        throw _pending.ReasonToRefuse() ?? NotSent();
    }

    private ValueTask<McpReply> SendLaterAsync(long id, PendingRequest entry, in OutgoingRequest request, CancellationToken cancellationToken)
    {
        var frame = new PooledByteWriter();
        try
        {
            request.WriteTo(frame, id);
        }
        catch
        {
            frame.Dispose();
            Withdraw(id);
            throw;
        }

        entry.Watch(_options.TimeProvider);
        return WriteThenWaitAsync(this, id, entry, frame, cancellationToken);

        static async ValueTask<McpReply> WriteThenWaitAsync(
            DuplexConnection self, long id, PendingRequest entry, PooledByteWriter frame, CancellationToken cancellationToken)
        {
            // The wait for room and the wait for the reply end together where the request is given up, so a frame may go out that nobody waits for: its reply is dropped.
            var reply = entry.Task.AsTask();
            _ = self.WriteOrFailAsync(id, frame, cancellationToken);
            return await reply.ConfigureAwait(false);
        }
    }

    private async Task WriteOrFailAsync(long id, PooledByteWriter frame, CancellationToken cancellationToken)
    {
        try
        {
            await SendWhenRoomAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (_pending.TryRemove(id, out var entry))
            {
                entry.Fail(exception);
            }
        }
    }

    private async ValueTask SendWhenRoomAsync(PooledByteWriter frame, CancellationToken cancellationToken)
    {
        using (frame)
        {
            FrameWriter.Outcome outcome;
            while ((outcome = _writer.TryWrite(frame.WrittenSpan, evenIfFull: false)) == FrameWriter.Outcome.Full)
            {
                await _writer.WaitForRoomAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (outcome == FrameWriter.Outcome.Closed)
            {
                throw NotSent();
            }
        }
    }

    // Takes back an entry that was never handed out. Where the connection failed it meanwhile, it is left to the collector.
    private void Withdraw(long id)
    {
        if (_pending.TryRemove(id, out var entry))
        {
            entry.Recycle();
        }
    }

    private McpTransportException NotSent() => new(TransportFault.ConnectionLost, $"The connection to {Peer} has ended; the message was not sent.");

    private ValueTask SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        _writer.TryWrite(frame.Span, evenIfFull: true);
        return default;
    }

    private void OnGivenUp(PendingRequest entry, Exception reason)
    {
        var id = entry.Id;
        var tell = !entry.IsInitialize;
        if (tell)
        {
            using var frame = new PooledByteWriter(160);
            frame.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8);
            JsonRpcWriter.WriteInteger(frame, id);
            frame.Write(reason is OperationCanceledException ? ",\"reason\":\"cancelled\"}}"u8 : ",\"reason\":\"timed out\"}}"u8);
            _writer.TryWrite(frame.WrittenSpan, evenIfFull: true);
        }

        entry.Fail(reason);
    }

    private void OnWriteFault(Exception exception) => _ = EndAfterWriteFaultAsync();

    // A peer that ends closes both directions, and what it said last is still to be read: so the reader gets a moment to find the end by itself.
    private async Task EndAfterWriteFaultAsync()
    {
        await WithinGraceAsync(_ended.Task).ConfigureAwait(false);
        await _stopReading.CancelAsync().ConfigureAwait(false);
    }

    private async Task WithinGraceAsync(Task task)
    {
        try
        {
            await task.WaitAsync(CloseGrace, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is being closed is given up.
        }
    }

    private async Task ReadLoopAsync()
    {
        Exception? cause = null;
        using var framer = new LineFramer(_options.MaxMessageLength);
        try
        {
            while (true)
            {
                var count = await _input.ReadAsync(framer.GetBuffer(), _stopReading.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    _receiver.ReceiveLine(framer.TakeRest());
                    break;
                }

                framer.Advance(count);
                while (!_receiver.ReceiveLines(framer, repliesOnly: _memory is { IsOnWriter: true }))
                {
                    // What is no reply may call back into the user's code, and the thread is the peer's.
                    await _worker;
                }
            }
        }
        catch (Exception exception)
        {
            cause = exception;
        }

        await EndAsync(cause).ConfigureAwait(false);
    }

    private async Task EndAsync(Exception? cause)
    {
        _writer.Dispose();
        _incoming.Dispose();
        if (Volatile.Read(ref _disposing) == 0)
        {
            var reason = await DescribeEndAsync(cause).ConfigureAwait(false);
            ConnectionLog.Ended(_options.Logger, Peer, reason);
            _pending.Close(mayHaveRun => new McpTransportException(TransportFault.ConnectionLost, reason, mayHaveRun, cause));
        }

        _ended.TrySetResult();
    }
}
