using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Batches;

/// <summary>
/// A batch that came over HTTP (2025-03-26, batching). Its requests run at the same time; the answers go out as one array, or, once one of them has sent a notification, each as an
/// event of its own. Only the older revisions have batches, so nothing here is pooled but the bytes.
/// </summary>
internal sealed class HttpBatch : IDisposable
{
    private readonly HttpContext _context;
    private readonly HttpExchange _whole;
    private readonly IMcpResponder _responder;
    private readonly IWorkScheduler _scheduler;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _stream = new(1, 1);
    private readonly PooledByteWriter _answers = new();
    private readonly PooledByteWriter _event = new();
    private readonly List<JsonRange> _waiting = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 1;
    private bool _isStreaming;

    internal HttpBatch(HttpContext context, HttpExchange whole, IMcpResponder responder, IWorkScheduler scheduler, ILogger logger)
    {
        _context = context;
        _whole = whole;
        _responder = responder;
        _scheduler = scheduler;
        _logger = logger;
    }

    internal bool AcceptsEvents => _whole.AcceptsEvents;

    internal HttpContext Context => _context;

    internal IServiceProvider Services => _context.RequestServices;

    private HttpSession? Session => (HttpSession?)_whole.Session;

    /// <summary>Runs all messages, and answers.</summary>
    internal async ValueTask RespondAsync()
    {
        foreach (var exchange in Take())
        {
            Interlocked.Increment(ref _running);
            _scheduler.Schedule(exchange);
        }

        EndOne();
        await _done.Task.ConfigureAwait(false);
        await SendRestAsync().ConfigureAwait(false);
    }

    /// <summary>Runs one message to its end.</summary>
    internal async Task RunAsync(BatchExchange exchange)
    {
        try
        {
            await AskAsync(exchange).ConfigureAwait(false);
            if (exchange.IsRequest)
            {
                await AnswerAsync(exchange).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The connection broke while the stream was written.
            HttpLog.Failed(_logger, exchange.Method, exception);
        }
        finally
        {
            if (exchange.IsRequest)
            {
                Session?.Leave(exchange);
            }

            await EndAsync(exchange).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a notification of one call, unless that has ended.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="generation">Its number.</param>
    /// <param name="rented">Given back to the pool.</param>
    /// <param name="length">How much of it.</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    internal async ValueTask NotifyAsync(BatchExchange exchange, int generation, byte[] rented, int length, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (exchange.IsOpen(generation))
                {
                    await BeginStreamAsync(cancellationToken).ConfigureAwait(false);
                    await WriteEventAsync(rented.AsMemory(0, length)).ConfigureAwait(false);
                }
            }
            finally
            {
                _stream.Release();
            }
        }
        finally
        {
            PooledArrays.Return(rented);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _answers.Dispose();
        _event.Dispose();
    }

    // What is to be run. What is wrong is answered here.
    private List<BatchExchange> Take()
    {
        List<BatchExchange> run = [];
        var body = _whole.Body.Span;
        var reader = new BatchReader(body);
        while (reader.MoveNext())
        {
            var message = reader.Current.Of(body);
            if (!EnvelopeReader.TryRead(message, out var envelope))
            {
                AddFault(envelope.Id.Of(message), EnvelopeErrors.Code(envelope.Fault), EnvelopeErrors.Message(envelope.Fault, envelope.FaultOffset));
            }
            else if (envelope.Kind is MessageKind.Response or MessageKind.Error)
            {
                _ = Session is { HasRequests: true } session && session.Requests.TryComplete(message, envelope);
            }
            else if (envelope.Method == McpMethod.Initialize || envelope.HasStatelessMeta)
            {
                AddFault(envelope.Id.Of(message), ErrorCodes.InvalidRequest, envelope.HasStatelessMeta
                    ? "Invalid request: requests of this revision must not be part of a batch"
                    : "Invalid request: initialize must not be part of a batch");
            }
            else if (Load(message, envelope) is { } exchange)
            {
                run.Add(exchange);
            }
        }

        return run;
    }

    private BatchExchange? Load(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        if (envelope.Method == McpMethod.NotificationsCancelled && envelope.RequestId.IsPresent)
        {
            Session?.Cancel(envelope.RequestId.Of(message));
        }

        var exchange = new BatchExchange(this);
        exchange.Load(message, envelope);
        exchange.Answer(_whole.Version);
        exchange.Session = Session;
        if (!exchange.IsRequest || (EraRules.TryJudgeMethod(exchange, ProtocolEra.Session) && TryEnter(exchange)))
        {
            return exchange;
        }

        Add(exchange.CompleteReply().Span);
        exchange.Dispose();
        return null;
    }

    private bool TryEnter(BatchExchange exchange)
    {
        if (Session is not { } session || session.TryEnter(exchange) == EnterOutcome.Entered)
        {
            return true;
        }

        exchange.Fail(ErrorCodes.Overloaded, "Overloaded: too many calls of this session are in flight; retry when some have ended", "{\"retryable\":true}"u8);
        return false;
    }

    private async ValueTask AskAsync(BatchExchange exchange)
    {
        try
        {
            if (!exchange.IsCancelled)
            {
                await _responder.RespondAsync(exchange).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            HttpLog.Failed(_logger, exchange.Method, exception);
            exchange.Fail(ErrorCodes.InternalError, "Internal error: the server failed to answer; its log has the details");
        }
    }

    private async ValueTask AnswerAsync(BatchExchange exchange)
    {
        await _stream.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!exchange.TryCloseNotifications())
            {
                return;
            }

            if (_isStreaming)
            {
                await WriteEventAsync(exchange.CompleteReply()).ConfigureAwait(false);
            }
            else
            {
                Add(exchange.CompleteReply().Span);
            }
        }
        finally
        {
            _stream.Release();
        }
    }

    private void AddFault(ReadOnlySpan<byte> id, int code, string message)
    {
        JsonRpcWriter.WriteError(_event, id.IsEmpty ? "null"u8 : id, code, message);
        Add(_event.WrittenSpan);
        _event.Clear();
    }

    private void Add(ReadOnlySpan<byte> answer)
    {
        _answers.WriteByte(_waiting.Count == 0 ? (byte)'[' : (byte)',');
        _waiting.Add(new JsonRange(_answers.Length, answer.Length));
        _answers.Write(answer);
    }

    private async ValueTask BeginStreamAsync(CancellationToken cancellationToken)
    {
        if (!_isStreaming)
        {
            EventConnection.SetHeaders(_context.Response);
            await _context.Response.StartAsync(cancellationToken).ConfigureAwait(false);
            _isStreaming = true;
            foreach (var answer in _waiting)
            {
                await WriteEventAsync(_answers.WrittenMemory.Slice(answer.Start, answer.Length)).ConfigureAwait(false);
            }

            _waiting.Clear();
            _answers.Clear();
        }
    }

    private async ValueTask WriteEventAsync(ReadOnlyMemory<byte> message)
    {
        _event.Clear();
        SseWriter.WriteMessage(_event, message.Span);
        await _context.Response.BodyWriter.WriteAsync(_event.WrittenMemory).ConfigureAwait(false);
    }

    private async ValueTask SendRestAsync()
    {
        var response = _context.Response;
        if (_isStreaming)
        {
            return;
        }

        if (_waiting.Count == 0)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (!_whole.AcceptsJson)
        {
            await BeginStreamAsync(CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            _answers.WriteByte((byte)']');
            response.ContentType = "application/json";
            response.ContentLength = _answers.Length;
            await response.BodyWriter.WriteAsync(_answers.WrittenMemory).ConfigureAwait(false);
        }
    }

    // Whatever a service does at its end: the batch waits for all its messages.
    private async ValueTask EndAsync(BatchExchange exchange)
    {
        try
        {
            await exchange.EndServicesAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HttpLog.Failed(_logger, exchange.Method, exception);
        }

        exchange.Dispose();
        EndOne();
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _done.SetResult();
        }
    }
}
