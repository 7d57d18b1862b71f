using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>
/// One connection that carries many calls at once: stdio, or a pair in memory. Messages are pushed in by one reader, which runs no user code: requests wait in order for
/// a worker, so cancellations, pings and further calls are read whatever a tool does.
/// </summary>
/// <remarks>
/// <para>The front is one work item that workers run: each takes calls until none waits. Before a worker runs a call while others wait, it has the front queued once more, so
/// that another worker takes over should this call hold its thread. That gives what a work item a call would give, for one queueing a batch (docs/performance.md, "stdio").</para>
/// <para>On stdio a worker that ends a call while others wait leaves the flush to the last of them, which makes one system call of many replies. That is safe because the
/// reader watches: as long as two calls are in hand it does not sleep for more than two milliseconds without sending what was left (<see cref="MustWatch"/>). Over streams that are
/// written asynchronously nobody watches, and each reply is sent when it is there; those that come while a write is under way leave together with the next.</para>
/// </remarks>
internal sealed partial class DuplexFront : IThreadPoolWorkItem
{
    // After so many calls a worker lets the continuations of others have its thread.
    private const int CallsPerTurn = 128;

    // With more than one core workers should not wait for the whole of a long read.
    private const int CallsPerBatch = 64;

    // A quarter of a millisecond: the reply of a quick call must not wait for one that takes longer.
    private static readonly long SlowCall = Stopwatch.Frequency / 4000;

    // For so many times its length a slow call is remembered. In proportion, because a thread that lost its core for a moment looks slow too: remembering that for a second
    // cost half the throughput on a busy machine (docs/performance.md, "stdio").
    private const int SlowMemory = 16;

    private readonly IMcpResponder _responder;
    private readonly IMessageOutput _output;
    private readonly IWorkScheduler _scheduler;
    private readonly InFlightCalls _calls;
    private readonly DuplexOptions _options;
    private readonly ILogger _logger;
    private readonly EraChoice _eras;
    private readonly bool _isServer;
    private readonly DrainedWork _drained = new();
    private int _turnQueued;
    private int _paused;
    private bool _notedPeerDoesNotRead;
    private int _batched;
    private volatile bool _closing;
    private long _slowUntil;

    internal DuplexFront(IMcpResponder responder, IMessageOutput output, DuplexOptions options, IWorkScheduler scheduler, ILogger logger)
    {
        _responder = responder;
        _output = output;
        _options = options;
        _scheduler = scheduler;
        _logger = logger;
        _eras = new EraChoice(this);
        _isServer = responder is PeregrineServer;
        _calls = new InFlightCalls(this, options.MaxCallsInFlight);
        output.Sent = Resume;
    }

    /// <summary>True while a reply may be waiting for a worker that is yet to begin: the reader must look again soon.</summary>
    internal bool MustWatch => _calls.InHand > 1 || _output.Pending > 0;

    /// <summary>Who is at the other end, where the host knows.</summary>
    internal ConnectionCaller Caller { get; init; } = ConnectionCaller.Unknown;

    internal int CallsInFlight => _calls.Count;

    /// <summary>True once the connection has ended.</summary>
    internal bool IsClosing => _closing;

    /// <summary>Takes all whole messages that were received, and has workers begin with them. For the reader's thread only.</summary>
    internal void ReceiveAll(LineFramer framer)
    {
        while (true)
        {
            switch (framer.TryRead(out var line))
            {
                case FrameResult.Line:
                    Receive(line);
                    break;
                case FrameResult.Oversized:
                    ReceiveOversized();
                    break;
                default:
                    EndBatch();
                    return;
            }
        }
    }

    /// <summary>At the end of the input: takes a last message that lacks its line feed.</summary>
    internal void ReceiveRest(LineFramer framer)
    {
        if (framer.TakeRest() is { IsEmpty: false } rest)
        {
            Receive(rest);
            EndBatch();
        }
    }

    /// <summary>Takes one message that came by itself, and has workers begin with it. Not at the same time as another.</summary>
    internal void ReceiveOne(ReadOnlySpan<byte> message)
    {
        Receive(message);
        EndBatch();
    }

    /// <summary>Takes one message. For the reader's thread only.</summary>
    /// <param name="message">Valid until the call returns.</param>
    private void Receive(ReadOnlySpan<byte> message)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            if (envelope.Fault == EnvelopeError.Batch && _eras.TakesBatches)
            {
                ReceiveBatch(message);
            }
            else
            {
                Refuse(message, envelope);
            }
        }
        else if (envelope.Kind == MessageKind.Request)
        {
            ReceiveRequest(message, envelope, batch: null);
        }
        else
        {
            ReceiveOther(message, envelope);
        }
    }

    // Notifications and answers.
    private void ReceiveOther(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        switch (envelope.Kind)
        {
            case MessageKind.Notification when envelope.Method == McpMethod.NotificationsCancelled:
                ReceiveCancelled(message, envelope);
                break;
            case MessageKind.Notification when envelope.Method == McpMethod.NotificationsInitialized:
                ReceiveInitialized();
                break;
            case MessageKind.Notification:
                _eras.Session?.TakeNotification(envelope.Method);
                break;
            case MessageKind.Response or MessageKind.Error when _eras.Session is { HasRequests: true } session:
                _ = session.Requests.TryComplete(message, envelope);
                break;
        }
    }

    private void EndBatch()
    {
        if (_batched > 0)
        {
            _batched = 0;
            QueueTurn();
        }
    }

    /// <summary>One turn of a worker: runs calls as long as some wait.</summary>
    public void Execute()
    {
        // Cleared before the first look: who queues a call after that look queues another turn.
        Volatile.Write(ref _turnQueued, 0);
        var exchange = HasRoom() ? _calls.Take() : null;
        long free = 0;
        for (var left = CallsPerTurn; exchange is not null; left--)
        {
            if (_calls.Waiting > 0)
            {
                QueueTurn();
            }

            exchange = Run(exchange, mayTakeNext: left > 0, ref free);
            if (exchange is null)
            {
                FlushAtEndOfTurn();
            }
            else if (FlushUnless(moreComes: true))
            {
                free = 0;
            }
        }
    }

    private void ReceiveRequest(ReadOnlySpan<byte> message, in Envelope envelope, DuplexBatch? batch)
    {
        var exchange = _calls.Rent();
        exchange.Load(message, envelope);
        exchange.Batch = batch;
        if (!_eras.TryChoose(exchange))
        {
            AnswerNow(exchange);
            return;
        }

        if (!_closing && exchange.Method is McpMethod.Initialize or McpMethod.ServerDiscover && TryAnswerReady(exchange))
        {
            return;
        }

        switch (FindStream(exchange.Id) is null ? _calls.TryEnter(exchange) : EnterResult.Duplicate)
        {
            case EnterResult.Entered:
                // Workers begin when the reader has taken what it has at hand: one wake-up for many calls, and replies that leave together.
                if (++_batched >= CallsPerBatch)
                {
                    EndBatch();
                }

                return;
            case EnterResult.Closing:
                exchange.Fail(ErrorCodes.Draining, "Draining: this server is about to end and takes no new calls; try again", "{\"retryable\":true}"u8);
                break;
            case EnterResult.Duplicate:
                exchange.Fail(ErrorCodes.InvalidRequest, "Invalid request: a request with this id is still in flight");
                break;
            default:
                exchange.Fail(ErrorCodes.Overloaded,
                    $"Overloaded: {_options.MaxCallsInFlight} calls are in flight on this connection; retry when some have ended", "{\"retryable\":true}"u8);
                break;
        }

        AnswerNow(exchange);
    }

    private void AnswerNow(DuplexExchange exchange)
    {
        if (exchange.Batch is { } batch)
        {
            AppendToBatch(exchange, batch);
        }
        else
        {
            _output.Append(exchange.CompleteReply().Span);
        }

        _calls.Return(exchange);
        FlushFromReader();
    }

    private void QueueTurn()
    {
        if (Volatile.Read(ref _turnQueued) == 0 && Interlocked.Exchange(ref _turnQueued, 1) == 0)
        {
            _scheduler.Schedule(this);
        }
    }

    // Runs one call up to its end or its first await; gives the next one. What ended last on this thread says when it came free, where the clock is the server's own.
    private DuplexExchange? Run(DuplexExchange exchange, bool mayTakeNext, ref long free)
    {
        exchange.TurnStart = free;
        free = 0;
        ValueTask responding;
        try
        {
            responding = exchange.IsCancelled ? default : _responder.RespondAsync(exchange);
        }
        catch (Exception exception)
        {
            Fail(exchange, exception);
            responding = default;
        }

        DuplexExchange? next;
        if (responding.IsCompletedSuccessfully)
        {
            responding.GetAwaiter().GetResult();
            if (exchange.SynchronousTicks > SlowCall)
            {
                Volatile.Write(ref _slowUntil, exchange.SynchronousEnd + (SlowMemory * exchange.SynchronousTicks));
            }

            free = _isServer ? exchange.SynchronousEnd : 0;
            AppendReply(exchange);
            next = _calls.LeaveAndTake(exchange, mayTakeNext && HasRoom());
            NoteDrained();
        }
        else
        {
            exchange.TurnStart = 0;
            next = _calls.SuspendAndTake(mayTakeNext && HasRoom());
            _ = CompleteAsync(responding, exchange);
        }

        return next;
    }

    private async Task CompleteAsync(ValueTask responding, DuplexExchange exchange)
    {
        try
        {
            await responding.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exchange, exception);
        }

        AppendReply(exchange);
        _calls.Leave(exchange);
        NoteDrained();
        FlushUnless(_calls.Waiting > 0);
    }

    private void Fail(DuplexExchange exchange, Exception exception)
    {
        DuplexLog.Failed(_logger, exchange.Method, exception);
        exchange.Fail(ErrorCodes.InternalError, "Internal error: the server failed to answer; its log has the details");
    }
}
