using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>
/// One connection that carries many calls at once: stdio, or a pair in memory. Messages are pushed in by one reader, which runs no user code: every request becomes a
/// pooled work item, so cancellations, pings and further calls are read whatever a tool does.
/// </summary>
/// <remarks>
/// The reader calls <see cref="Receive"/>; workers call <see cref="Run"/>. A worker that ends a call while others are queued leaves the flush to the last of them,
/// which makes one system call of many replies. That is safe because the reader watches: as long as work is queued it does not sleep for more than two milliseconds
/// without sending what was left (<see cref="MustWatch"/>).
/// </remarks>
internal sealed class DuplexFront
{
    // A batch of this size fills a system call well; more would only make the first reply wait.
    private const int FlushAt = 32 * 1024;

    private readonly IMcpResponder _responder;
    private readonly IMessageOutput _output;
    private readonly IWorkScheduler _scheduler;
    private readonly InFlightCalls _calls;
    private readonly DuplexOptions _options;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProtocolVersion _negotiated;
    private int _queued;
    private volatile bool _closing;
    private long _slowUntil;

    internal DuplexFront(IMcpResponder responder, IMessageOutput output, DuplexOptions options, IWorkScheduler scheduler, ILogger logger)
    {
        _responder = responder;
        _output = output;
        _options = options;
        _scheduler = scheduler;
        _logger = logger;
        _calls = new InFlightCalls(this, options.MaxCallsInFlight);
    }

    /// <summary>True while a reply may be waiting for a worker that is yet to begin: the reader must look again soon.</summary>
    internal bool MustWatch => Volatile.Read(ref _queued) > 0 || _output.Pending > 0;

    internal int CallsInFlight => _calls.Count;

    /// <summary>Takes one message. For the reader's thread only.</summary>
    /// <param name="message">Valid until the call returns.</param>
    internal void Receive(ReadOnlySpan<byte> message)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            Refuse(message, envelope);
            return;
        }

        switch (envelope.Kind)
        {
            case MessageKind.Request:
                ReceiveRequest(message, envelope);
                break;
            case MessageKind.Notification when envelope.Method == McpMethod.NotificationsCancelled:
                ReceiveCancelled(message, envelope);
                break;
        }
    }

    /// <summary>Answers a message that was too long to be read.</summary>
    internal void ReceiveOversized()
    {
        DuplexLog.Oversized(_logger, _options.MaxMessageBytes);
        AnswerFault(default, ErrorCodes.InvalidRequest,
            $"Invalid request: the message is longer than {_options.MaxMessageBytes} bytes, the limit of this server; it was skipped");
    }

    /// <summary>Sends what was left unsent, where that does not block this thread. For the reader's thread.</summary>
    internal void FlushFromReader()
    {
        if (!_output.TryFlush())
        {
            _scheduler.Schedule(new FlushWork(_output));
        }
    }

    /// <summary>Runs one queued call. Called by a worker.</summary>
    internal void Run(DuplexExchange exchange)
    {
        Interlocked.Decrement(ref _queued);
        var started = Stopwatch.GetTimestamp();
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

        if (responding.IsCompletedSuccessfully)
        {
            responding.GetAwaiter().GetResult();
            Complete(exchange);
        }
        else
        {
            _ = CompleteAsync(responding, exchange);
        }

        FlushAfter(started);
    }

    /// <summary>Sends a notification ahead of its call's reply.</summary>
    internal ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken)
    {
        _output.Append(notification);
        _output.Flush();
        return _output.WaitForRoomAsync(cancellationToken);
    }

    /// <summary>Ends the connection: calls in flight may go on for a while, then they are cancelled. Ends when all have ended, or shortly after they were cancelled.</summary>
    internal async Task CloseAsync(TimeProvider time)
    {
        _closing = true;
        if (_calls.Count > 0)
        {
            await WaitDrainedAsync(_options.DrainTime, time).ConfigureAwait(false);
            foreach (var work in _calls.CancelAll())
            {
                _scheduler.Schedule(work);
            }

            // Half the time again for tools to notice; one that does not is abandoned with the process.
            await WaitDrainedAsync(_options.DrainTime / 2, time).ConfigureAwait(false);
        }

        _output.Flush();
    }

    private async Task WaitDrainedAsync(TimeSpan time, TimeProvider provider)
    {
        if (_calls.Count == 0)
        {
            return;
        }

        try
        {
            await _drained.Task.WaitAsync(time, provider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is still running is cancelled or abandoned by the caller.
        }
    }

    private void ReceiveRequest(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        var exchange = _calls.Rent();
        exchange.Load(message, envelope);
        if (!TryChooseVersion(exchange))
        {
            AnswerNow(exchange);
            return;
        }

        switch (_calls.TryEnter(exchange))
        {
            case EnterResult.Entered:
                Interlocked.Increment(ref _queued);
                _scheduler.Schedule(exchange);
                return;
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

    // The client's way of opening decides (2026-07-28, versioning): _meta makes a request stateless, initialize opens the session era for the rest.
    private bool TryChooseVersion(DuplexExchange exchange)
    {
        if (exchange.Envelope.HasStatelessMeta)
        {
            exchange.Answer(ProtocolVersions.Latest);
            if (!EraRules.TryJudgeStateless(exchange, out var version))
            {
                return false;
            }

            exchange.Answer(version);
            return EraRules.TryJudgeMethod(exchange, ProtocolEra.Stateless);
        }

        if (exchange.Method == McpMethod.Initialize)
        {
            _negotiated = ProtocolVersions.NegotiateInitialize(EraRules.ParseVersion(exchange.Envelope.InitializeVersion.Of(exchange.Body.Span)));
        }
        else if (EraRules.Exists(exchange.Method, ProtocolEra.Stateless) && !EraRules.Exists(exchange.Method, ProtocolEra.Session))
        {
            exchange.Answer(ProtocolVersions.Latest);
            return EraRules.TryJudgeStateless(exchange, out _);
        }

        exchange.Answer(_negotiated == ProtocolVersion.Unknown ? ProtocolVersions.LatestOfSessionEra : _negotiated);
        return EraRules.TryJudgeMethod(exchange, ProtocolEra.Session);
    }

    private void ReceiveCancelled(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        if (envelope.RequestId.IsPresent && _calls.Cancel(envelope.RequestId.Of(message)) is { } work)
        {
            _scheduler.Schedule(work);
        }
    }

    private void Refuse(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        // A faulty answer or notification has no one who waits for an error, but whether it was one cannot be told when it could not be read.
        DuplexLog.Refused(_logger, envelope.Fault, envelope.FaultOffset);
        AnswerFault(envelope.Id.Of(message), EnvelopeErrors.Code(envelope.Fault), EnvelopeErrors.Message(envelope.Fault, envelope.FaultOffset));
    }

    private void AnswerFault(ReadOnlySpan<byte> id, int code, string message)
    {
        using var fault = new PooledByteWriter(256);
        JsonRpcWriter.WriteError(fault, id.IsEmpty && !_negotiated.OmitsUnreadableId() ? "null"u8 : id, code, message);
        _output.Append(fault.WrittenSpan);
        FlushFromReader();
    }

    private void AnswerNow(DuplexExchange exchange)
    {
        _output.Append(exchange.Reply.WrittenSpan);
        _calls.Return(exchange);
        FlushFromReader();
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

        Complete(exchange);
        if (Volatile.Read(ref _queued) == 0 || _output.Pending >= FlushAt || IsSlow(Stopwatch.GetTimestamp()))
        {
            _output.Flush();
        }
    }

    private void Complete(DuplexExchange exchange)
    {
        if (!exchange.IsCancelled)
        {
            _output.Append(exchange.Reply.WrittenSpan);
        }

        _calls.Leave(exchange);
        if (_closing && _calls.Count == 0)
        {
            _drained.TrySetResult();
        }
    }

    // Leaves the flush to a call that is queued, unless calls have lately been slow: then a reply would wait for somebody else's work.
    private void FlushAfter(long started)
    {
        var now = Stopwatch.GetTimestamp();
        if (now - started > Stopwatch.Frequency / 4000)
        {
            Volatile.Write(ref _slowUntil, now + Stopwatch.Frequency);
        }

        if (Volatile.Read(ref _queued) == 0 || _output.Pending >= FlushAt || IsSlow(now))
        {
            _output.Flush();
        }
    }

    private bool IsSlow(long now) => now < Volatile.Read(ref _slowUntil);

    private void Fail(DuplexExchange exchange, Exception exception)
    {
        DuplexLog.Failed(_logger, exchange.Method, exception);
        exchange.Fail(ErrorCodes.InternalError, "Internal error: the server failed to answer; its log has the details");
    }
}
