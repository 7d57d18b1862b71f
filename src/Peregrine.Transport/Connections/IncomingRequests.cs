using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>Answers the requests that a server of the session era sends: a ping at once, the rest by the connection's handler. Thread-safe.</summary>
internal sealed class IncomingRequests : IDisposable
{
    private readonly McpConnection _connection;
    private readonly IWorkScheduler _scheduler;
    private readonly ILogger _logger;
    private readonly int _limit;
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _send;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();
    private int _count;

    /// <param name="connection">Whose requests these are.</param>
    /// <param name="limit">How many run at once.</param>
    /// <param name="scheduler">Runs the handlers.</param>
    /// <param name="logger">Takes log messages.</param>
    /// <param name="send">Sends an answer, on one line.</param>
    internal IncomingRequests(McpConnection connection, int limit, IWorkScheduler scheduler, ILogger logger, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        _connection = connection;
        _limit = limit;
        _scheduler = scheduler;
        _logger = logger;
        _send = send;
    }

    /// <summary>Takes a request; answers later.</summary>
    /// <param name="message">The request; copied.</param>
    /// <param name="envelope">Where its parts lie.</param>
    /// <param name="responder">Answers it; null for the connection's handler.</param>
    internal void Take(ReadOnlySpan<byte> message, in Envelope envelope, RequestCallback? responder = null)
    {
        var request = new IncomingRequest(message, envelope);
        if (Interlocked.Increment(ref _count) > _limit)
        {
            request.Fail(ErrorCodes.Overloaded, "Too many requests at once; try again later.", "{\"retryable\":true}"u8);
        }
        else if (request.Method == McpMethod.Ping)
        {
            request.Complete("{}"u8);
        }

        _scheduler.Schedule(new Work(this, request, responder));
    }

    /// <summary>Cancels the request with this raw id, where it still runs.</summary>
    internal void Cancel(ReadOnlySpan<byte> id)
    {
        if (!id.IsEmpty && _running.TryGetValue(Encoding.UTF8.GetString(id), out var source))
        {
            try
            {
                // Not on the reader: what a handler has registered may be slow.
                _ = source.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended meanwhile.
            }
        }
    }

    /// <summary>Cancels all handlers.</summary>
    public void Dispose()
    {
        try
        {
            _closed.Cancel();
        }
        catch (AggregateException exception)
        {
            ConnectionLog.RequestHandlerFailed(_logger, exception, _connection.Peer);
        }
    }

    private async Task RunAsync(IncomingRequest request, RequestCallback? responder)
    {
        try
        {
            if (request.Answer.Length == 0)
            {
                await HandleAsync(request, responder ?? OfHandler()).ConfigureAwait(false);
            }

            await _send(request.Answer.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ConnectionLog.AnswerNotSent(_logger, exception, _connection.Peer);
        }
        finally
        {
            request.Answer.Dispose();
            Interlocked.Decrement(ref _count);
        }
    }

    private RequestCallback? OfHandler() => _connection.Handler is { } handler ? new RequestCallback(handler.RespondAsync) : null;

    private async Task HandleAsync(IncomingRequest request, RequestCallback? responder)
    {
        if (responder is null)
        {
            request.Fail(ErrorCodes.MethodNotFound, "This client does not offer that method.");
            return;
        }

        var id = Encoding.UTF8.GetString(request.Id);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        _running[id] = source;
        try
        {
            await responder(request, source.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ConnectionLog.RequestHandlerFailed(_logger, exception, _connection.Peer);
            request.Answer.Clear();
        }
        finally
        {
            _running.TryRemove(new KeyValuePair<string, CancellationTokenSource>(id, source));
        }

        if (request.Answer.Length == 0)
        {
            request.Fail(ErrorCodes.InternalError, "The client could not answer.");
        }
    }

    private sealed class Work(IncomingRequests owner, IncomingRequest request, RequestCallback? responder) : IThreadPoolWorkItem
    {
        // Everything that can fail is caught inside.
        public void Execute() => _ = owner.RunAsync(request, responder);
    }
}
