using Peregrine.Execution.Caching;
using Peregrine.Gateway.Bridging;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Policies;

/// <summary>Takes a reply apart from the call it belongs to, and gives it to others who asked the same. No state.</summary>
internal static class SharedReply
{
    /// <summary>What the maker says of a result by which the tool says that it failed; other codes are those of errors.</summary>
    internal const int ToolError = 1;

    private static ReadOnlySpan<byte> Head => "{\"jsonrpc\":\"2.0\",\"id\":"u8;

    /// <summary>Takes the result, without what a client may do with it; or, for an error, what follows the id.</summary>
    /// <param name="finished">The call that has ended.</param>
    /// <param name="code">0 for a good result; else what answering those who waited needs.</param>
    /// <param name="hints">What the server says of how long it may be kept.</param>
    /// <returns>Null where the reply is for this caller alone: the server asks something of its user.</returns>
    internal static byte[]? Take(McpExchange finished, out int code, out ResultHints hints)
    {
        (code, hints) = (finished.ErrorCode, default);
        if (finished.Interaction is not null || finished.StreamedResult is not null || (finished.Reply.Length == 0 && finished.SharedResult.IsEmpty))
        {
            return null;
        }

        var reply = finished.CompleteReply().Span;
        var afterId = Head.Length + finished.Envelope.Id.Of(finished.Body.Span).Length;
        if (code != 0)
        {
            return reply[afterId..].ToArray();
        }

        var result = reply[(afterId + ",\"result\":"u8.Length)..^1];
        var facts = ResultFacts.Read(result);
        if (facts.IsInputRequired)
        {
            return null;
        }

        code = facts.IsToolError ? ToolError : 0;
        return finished.Method == McpMethod.ResourcesRead ? ResultHints.Take(result, out hints) : result.ToArray();
    }

    /// <summary>Answers with a result.</summary>
    /// <param name="exchange">Who asks.</param>
    /// <param name="result">What <see cref="Take"/> gave; stays unchanged.</param>
    /// <param name="timeToLive">How long the caller may keep it.</param>
    /// <param name="scope">For whom it is.</param>
    internal static void Answer(McpExchange exchange, ReadOnlyMemory<byte> result, TimeSpan timeToLive, McpCacheScope scope)
    {
        if (exchange.Era != ProtocolEra.Stateless || exchange.Method != McpMethod.ResourcesRead)
        {
            exchange.ReturnShared(result);
            return;
        }

        exchange.ReturnShared(result[1..]);
        exchange.Reply.Write("{\"ttlMs\":"u8);
        JsonRpcWriter.WriteInteger(exchange.Reply, Math.Max(0, (long)timeToLive.TotalMilliseconds));
        exchange.Reply.Write(scope == McpCacheScope.Public ? ",\"cacheScope\":\"public\""u8 : ",\"cacheScope\":\"private\""u8);
        exchange.Reply.Write(result.Length > 2 ? ","u8 : default);
    }

    /// <summary>Answers one who waited for what another one's call gave.</summary>
    internal static void Answer(McpExchange exchange, in FillOutcome outcome, McpCacheScope scope)
    {
        if (outcome.Code is 0 or ToolError)
        {
            Answer(exchange, outcome.Result, outcome.IsStored ? outcome.Left : TimeSpan.Zero, scope);
            exchange.IsToolError = outcome.Code == ToolError;
            return;
        }

        using var reply = new PooledByteWriter(256);
        reply.Write(Head);
        reply.Write(exchange.Envelope.Id.Of(exchange.Body.Span));
        reply.Write(outcome.Result);
        exchange.SetReply(reply.WrittenSpan, outcome.Code);
    }
}
