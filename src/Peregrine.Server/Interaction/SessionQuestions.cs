using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Clients;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Interaction;

/// <summary>Asks a client of the session era: a request on the call's own stream, and a wait for its answer. No state.</summary>
internal static class SessionQuestions
{
    private const int MaxErrorText = 512;

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="generation">Its number: it may end while its client thinks.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellationToken">Stops the wait; so does the call's own token.</param>
    /// <exception cref="McpToolException">There is nobody to ask, or no usable answer came.</exception>
    internal static async ValueTask<T> AskAsync<T>(McpExchange exchange, int generation, ClientQuestion<T> question, TimeSpan timeout, TimeProvider time,
        CancellationToken cancellationToken)
        where T : class
    {
        var session = exchange.Session ?? throw new McpToolException("The client cannot be asked: this call belongs to no session, so no answer can reach it.");
        if (!exchange.CanSendMessages)
        {
            throw new McpToolException("The client cannot be asked: it accepts no event stream as the reply to this call (Accept: text/event-stream).");
        }

        var version = exchange.Version;
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(exchange.CancellationToken, cancellationToken);
        exchange.AllowMessages();
        var id = session.Requests.Begin(out var answering);
        if (id == 0)
        {
            throw new McpToolException(session.IsClosed ? "The client cannot be asked: its session has ended."
                : $"The client cannot be asked: it has not answered {PendingServerRequests.MaxPending} requests yet.");
        }

        try
        {
            using var parameters = new PooledByteWriter(256);
            question.WriteParams(parameters, version);
            using var request = new PooledByteWriter(256);
            JsonRpcWriter.WriteRequest(request, id, question.Method, parameters.WrittenSpan);
            await exchange.NotifyCallAsync(generation, request.WrittenSpan, stopped.Token).ConfigureAwait(false);
            return Read(question, await answering.WaitAsync(timeout, time, stopped.Token).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            await AbandonAsync(exchange, generation, session, id, "The answer did not come in time.").ConfigureAwait(false);
            throw new McpToolException($"The client did not answer {Encoding.UTF8.GetString(question.Method)} within {timeout.TotalSeconds:0.###} seconds.");
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            throw new McpToolException("The client will not answer: its session has ended.");
        }
        catch (OperationCanceledException)
        {
            await AbandonAsync(exchange, generation, session, id, "The call was cancelled.").ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    // The client's user should not be left with a question whose answer nobody wants. On the call's stream as long as there is one, for over HTTP there may be no other.
    private static async ValueTask AbandonAsync(McpExchange exchange, int generation, PeregrineSession session, long id, string reason)
    {
        session.Requests.Abandon(id);
        using var parameters = new PooledByteWriter(128);
        parameters.Write("{\"requestId\":"u8);
        JsonRpcWriter.WriteInteger(parameters, id);
        parameters.Write(",\"reason\":"u8);
        JsonStringWriter.WriteString(parameters, reason.AsSpan());
        parameters.WriteByte((byte)'}');
        using var message = new PooledByteWriter(128);
        JsonRpcWriter.WriteNotification(message, "notifications/cancelled"u8, parameters.WrittenSpan);
        if (exchange.IsOpen(generation))
        {
            await exchange.NotifyCallAsync(generation, message.WrittenSpan, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            session.TrySend(message.WrittenSpan);
        }
    }

    private static T Read<T>(ClientQuestion<T> question, ServerRequestAnswer answer)
        where T : class
    {
        if (answer.IsError)
        {
            throw new McpToolException($"The client refused {Encoding.UTF8.GetString(question.Method)}: {Explain(answer.Content)}");
        }

        return question.Read(answer.Content, out var read) is { } fault
            ? throw new McpToolException($"The client's answer to {Encoding.UTF8.GetString(question.Method)} is not usable: {fault}.") : read!;
    }

    private static string Explain(ReadOnlyMemory<byte> error)
    {
        if (!JsonText.TryGetString(JsonObject.Find(error.Span, "message"u8), out var message))
        {
            return "it gave no reason.";
        }

        return message.Length <= MaxErrorText ? message : string.Concat(message.AsSpan(0, MaxErrorText), "…");
    }
}
