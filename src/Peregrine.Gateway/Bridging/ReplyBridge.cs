using Peregrine.Observability.Metrics;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Resources;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>Writes an upstream's reply as the reply to the caller: bytes as they came, with the caller's id, and with what the caller's era demands.</summary>
internal sealed class ReplyBridge
{
    private readonly byte[] _resultSuffix;
    private readonly byte[] _typeSuffix;
    private readonly byte[] _readResultSuffix;
    private readonly byte[] _readTypeSuffix;
    private readonly byte[] _metaMember;

    internal ReplyBridge(ServerIdentity identity)
    {
        // ",\"resultType\":\"complete\",\"_meta\":{…}" in the three forms in which results need it.
        _resultSuffix = identity.ResultSuffix.ToArray();
        _typeSuffix = [.. ",\"resultType\":\"complete\""u8];

        // What was read may differ for the next caller, and in the next moment: a session-era server says nothing of that.
        _readResultSuffix = [.. ReadMembers, .. _resultSuffix];
        _readTypeSuffix = [.. ReadMembers, .. _typeSuffix];
        var meta = _resultSuffix.AsSpan(_resultSuffix.AsSpan().IndexOf("\"_meta\":{"u8) + "\"_meta\":{"u8.Length);
        _metaMember = meta[..^1].ToArray();
    }

    private static ReadOnlySpan<byte> ReadMembers => ",\"ttlMs\":0,\"cacheScope\":\"private\""u8;

    /// <summary>Writes the reply.</summary>
    /// <param name="exchange">The caller's request.</param>
    /// <param name="reply">The upstream's reply; read before the method returns.</param>
    /// <param name="upstreamEra">The era of the upstream.</param>
    /// <param name="upstreamName">The upstream's name, for messages.</param>
    internal RequestOutcome Write(McpExchange exchange, in McpReply reply, ProtocolEra upstreamEra, string upstreamName)
    {
        if (reply.IsError)
        {
            WriteError(exchange, reply, upstreamEra);
            return RequestOutcome.Error;
        }

        var result = reply.Result.Span;
        if (!JsonText.IsObject(result))
        {
            exchange.Fail(ErrorCodes.InternalError, $"The server \"{upstreamName}\" answered with a result that is no object; tell its author");
            return RequestOutcome.Error;
        }

        var facts = ResultFacts.Read(result);
        if (facts.IsInputRequired && exchange.Era == ProtocolEra.Session)
        {
            exchange.Fail(ErrorCodes.InternalError,
                $"The tool of \"{upstreamName}\" asks for input, which this gateway cannot ask of a client of the session era; use a client of 2026-07-28");
            return RequestOutcome.Error;
        }

        var writer = exchange.BeginResult();
        if (exchange.Era == ProtocolEra.Stateless && upstreamEra == ProtocolEra.Session)
        {
            WriteCompleted(writer, result, facts, exchange.Method == McpMethod.ResourcesRead);
        }
        else
        {
            WriteOnOneLine(writer, result);
        }

        exchange.EndResult();
        return facts.IsToolError ? RequestOutcome.ToolError : RequestOutcome.Ok;
    }

    /// <summary>Passes a reply on as it came, id included, with the status it came under: the reply to a call whose body nobody here has read.</summary>
    internal static RequestOutcome WriteAsItCame(McpExchange exchange, in McpReply reply)
    {
        var message = reply.Message.Span;
        var code = reply.IsError ? reply.ErrorCode : 0;
        exchange.SetReplyOnOneLine(message, reply.IsError && code == 0 ? ErrorCodes.InternalError : code);
        if (!reply.IsError)
        {
            return ResultFacts.SaysToolError(reply.Result.Span) ? RequestOutcome.ToolError : RequestOutcome.Ok;
        }

        if (exchange is HttpExchange http && reply.StatusCode >= 400)
        {
            http.ErrorStatus = reply.StatusCode;
        }

        return RequestOutcome.Error;
    }

    // A result of the session era gets what the stateless era demands: resultType, and who answered (2026-07-28, results).
    private void WriteCompleted(PooledByteWriter writer, ReadOnlySpan<byte> result, in ResultFacts facts, bool isRead)
    {
        var (typeSuffix, resultSuffix) = isRead ? (_readTypeSuffix, _readResultSuffix) : (_typeSuffix, _resultSuffix);
        var end = result.LastIndexOf((byte)'}');
        var empty = result[1..end].TrimStart(" \t\r\n"u8).IsEmpty;
        if (facts.Meta.IsPresent && !facts.Meta.Of(result).IndexOf("\"io.modelcontextprotocol/serverInfo\""u8).Equals(-1))
        {
            WriteOnOneLine(writer, result[..end]);
            writer.Write(facts.HasResultType ? default : typeSuffix);
        }
        else if (facts.Meta.IsPresent)
        {
            var inside = facts.Meta.Start + 1;
            WriteOnOneLine(writer, result[..inside]);
            writer.Write(_metaMember);
            if (!result[inside..(facts.Meta.End - 1)].TrimStart(" \t\r\n"u8).IsEmpty)
            {
                writer.WriteByte((byte)',');
            }

            WriteOnOneLine(writer, result[inside..end]);
            writer.Write(facts.HasResultType ? default : typeSuffix);
        }
        else
        {
            WriteOnOneLine(writer, result[..end]);
            var suffix = facts.HasResultType ? resultSuffix.AsSpan(typeSuffix.Length) : resultSuffix;
            writer.Write(empty ? suffix[1..] : suffix);
        }

        writer.WriteByte((byte)'}');
    }

    private static void WriteError(McpExchange exchange, in McpReply reply, ProtocolEra upstreamEra)
    {
        if (exchange.Method == McpMethod.ResourcesRead && exchange.Era != upstreamEra && IsNotFound(reply.ErrorCode, upstreamEra))
        {
            // The two eras say it by different codes (2026-07-28, resources, error handling).
            ResourceReading.FailNotFound(exchange);
            return;
        }

        using var message = new PooledByteWriter(512);
        message.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        message.Write(exchange.Envelope.Id.Of(exchange.Body.Span));
        message.Write(",\"error\":"u8);
        WriteOnOneLine(message, reply.Error.Span);
        message.WriteByte((byte)'}');
        exchange.SetReply(message.WrittenSpan, reply.ErrorCode == 0 ? ErrorCodes.InternalError : reply.ErrorCode);
    }

    private static bool IsNotFound(int code, ProtocolEra era) => code == (era == ProtocolEra.Session ? ErrorCodes.ResourceNotFoundOfSessionEra : ErrorCodes.InvalidParams);

    // Replies may become lines or events, where a raw line break would end the message early.
    private static void WriteOnOneLine(PooledByteWriter writer, ReadOnlySpan<byte> json)
    {
        var copy = writer.GetSpan(json.Length)[..json.Length];
        json.CopyTo(copy);
        LineBreaks.ReplaceWithSpaces(copy);
        writer.Advance(json.Length);
    }
}
