using System.Runtime.InteropServices;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Clients;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>Carries a question of an upstream of the session era to the client whose call it belongs to, and the answer back, as bytes. No state.</summary>
internal static class SessionRelay
{
    /// <summary>Asks, and writes the answer into <paramref name="question"/>.</summary>
    /// <param name="exchange">The call that the question belongs to.</param>
    /// <param name="generation">Its number: it may end while its user thinks.</param>
    /// <param name="question">The upstream's request.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellationToken">The upstream takes its question back.</param>
    internal static async ValueTask AskAsync(McpExchange exchange, int generation, IncomingRequest question, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (exchange.Session is not { } session || !CanAnswer(session.Client, question.Method))
        {
            question.Fail(ErrorCodes.MethodNotFound, "The client whose call this belongs to does not offer that method.");
            return;
        }

        var id = session.Requests.Begin(out var answering);
        if (id == 0)
        {
            question.Fail(ErrorCodes.InternalError, "The client whose call this belongs to cannot be asked now.");
            return;
        }

        try
        {
            await exchange.NotifyCallAsync(generation, Write(question, id), cancellationToken).ConfigureAwait(false);
            Answer(question, await answering.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await WithdrawAsync(exchange, generation, session, id).ConfigureAwait(false);
            question.Fail(ErrorCodes.InternalError, exception is TimeoutException ? "The client did not answer in time." : "The client will not answer: the question was withdrawn, or its session has ended.");
        }
        finally
        {
            session.Requests.Abandon(id);
        }
    }

    private static bool CanAnswer(McpClientCapabilities client, McpMethod method) => method switch
    {
        McpMethod.ElicitationCreate => client.ElicitationForm || client.ElicitationUrl,
        McpMethod.SamplingCreateMessage => client.Sampling,
        McpMethod.RootsList => client.Roots,
        _ => false,
    };

    private static byte[] Write(IncomingRequest question, long id)
    {
        using var request = new PooledByteWriter(512);
        JsonRpcWriter.WriteRequest(request, id, question.Method.ToUtf8(), question.Parameters.Span);
        return request.WrittenSpan.ToArray();
    }

    private static void Answer(IncomingRequest question, ServerRequestAnswer answer)
    {
        if (!answer.IsError)
        {
            question.Complete(answer.Content.Span);
            return;
        }

        using var document = JsonDocument.Parse(answer.Content);
        var root = document.RootElement;
        var isObject = root.ValueKind == JsonValueKind.Object;
        var code = isObject && root.TryGetProperty("code", out var member) && member.TryGetInt32(out var number) ? number : ErrorCodes.InternalError;
        var message = isObject && root.TryGetProperty("message", out member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "The client gave no reason.";
        question.Fail(code, message, isObject && root.TryGetProperty("data", out member) ? JsonMarshal.GetRawUtf8Value(member) : default);
    }

    // The client's user should not be left with a question whose answer nobody wants.
    private static async ValueTask WithdrawAsync(McpExchange exchange, int generation, PeregrineSession session, long id)
    {
        using var parameters = new PooledByteWriter(64);
        parameters.Write("{\"requestId\":"u8);
        JsonRpcWriter.WriteInteger(parameters, id);
        parameters.WriteByte((byte)'}');
        using var message = new PooledByteWriter(128);
        JsonRpcWriter.WriteNotification(message, "notifications/cancelled"u8, parameters.WrittenSpan);
        if (exchange.IsOpen(generation))
        {
            await exchange.NotifyCallAsync(generation, message.WrittenSpan.ToArray(), CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            session.TrySend(message.WrittenSpan);
        }
    }
}
