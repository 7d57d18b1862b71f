using System.Globalization;
using System.Text;
using Peregrine.Execution.Caching;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources;

namespace Peregrine.Server.Caching;

/// <summary>Takes the part of a reply that is the same for everybody who asks the same, and answers with it; in servers and in the gateway. No state.</summary>
internal static class CachedReply
{
    /// <summary>What the maker says of a result by which the tool says that it failed; other codes are those of errors.</summary>
    internal const int ToolError = 1;

    // Written by ResourceReading, and nowhere behind it: quotes in what follows are escaped.
    private static ReadOnlySpan<byte> Hints => ",\"ttlMs\":"u8;

    private static ReadOnlySpan<byte> Head => "{\"jsonrpc\":\"2.0\",\"id\":"u8;

    /// <summary>Takes the result, without what a client may do with it; or, for an error, what follows the id.</summary>
    /// <param name="finished">The call that has ended.</param>
    /// <param name="code">0 for a good result; else what answering those who waited needs.</param>
    /// <returns>Null where the reply is for this caller alone.</returns>
    internal static byte[]? Take(McpExchange finished, out int code)
    {
        code = finished.ErrorCode != 0 ? finished.ErrorCode : finished.IsToolError ? ToolError : 0;
        return !TryFindShared(finished, out var shared) ? null : finished.ErrorCode != 0 ? shared.ToArray() : WithoutHints(shared, finished);
    }

    /// <summary>Finds what belongs to no caller: the result, or, for an error, what follows the id.</summary>
    /// <param name="finished">The call that has ended.</param>
    /// <param name="shared">Valid until the exchange carries another call.</param>
    /// <returns>False where the reply is for this caller alone.</returns>
    internal static bool TryFindShared(McpExchange finished, out ReadOnlySpan<byte> shared)
    {
        shared = default;
        if (finished.Interaction is not null || finished.StreamedResult is not null || (finished.Reply.Length == 0 && finished.SharedResult.IsEmpty))
        {
            return false;
        }

        var reply = finished.CompleteReply().Span;
        var afterId = Head.Length + finished.Envelope.Id.Of(finished.Body.Span).Length;
        shared = finished.ErrorCode != 0 ? reply[afterId..] : reply[(afterId + ",\"result\":"u8.Length)..^1];
        return true;
    }

    /// <summary>Answers with a result.</summary>
    /// <param name="exchange">Who asks.</param>
    /// <param name="result">What <see cref="Take"/> gave; stays unchanged.</param>
    /// <param name="timeToLive">How long the caller may keep it.</param>
    /// <param name="scope">For whom; null where nothing is said of keeping it.</param>
    internal static void Answer(McpExchange exchange, ReadOnlyMemory<byte> result, TimeSpan timeToLive, McpCacheScope? scope)
    {
        // A result of that era names its type at least, so there is a member behind the hints.
        if (scope is null || exchange.Era != ProtocolEra.Stateless || result.Length <= 2)
        {
            exchange.ReturnShared(result);
            return;
        }

        exchange.ReturnShared(result[1..]);
        exchange.Reply.Write("{\"ttlMs\":"u8);
        JsonRpcWriter.WriteInteger(exchange.Reply, Math.Max(0, (long)timeToLive.TotalMilliseconds));
        exchange.Reply.Write(scope == McpCacheScope.Public ? ",\"cacheScope\":\"public\","u8 : ",\"cacheScope\":\"private\","u8);
    }

    /// <summary>Answers one who waited for what another one's call gave.</summary>
    internal static void Answer(McpExchange exchange, in FillOutcome outcome, TimeSpan timeToLive, McpCacheScope? scope)
    {
        if (outcome.Code is 0 or ToolError)
        {
            Answer(exchange, outcome.Result, outcome.Code == 0 ? timeToLive : TimeSpan.Zero, scope);
            exchange.IsToolError = outcome.Code == ToolError;
            return;
        }

        using var reply = new PooledByteWriter(256);
        reply.Write(Head);
        reply.Write(exchange.Envelope.Id.Of(exchange.Body.Span));
        reply.Write(outcome.Result);
        exchange.SetReply(reply.WrittenSpan, outcome.Code);
        exchange.SetRetry(TimeSpan.Zero, isServerBusy: true);
    }

    private static byte[] WithoutHints(ReadOnlySpan<byte> result, McpExchange finished)
    {
        if (finished.Era != ProtocolEra.Stateless || finished.Method != McpMethod.ResourcesRead || result.LastIndexOf(Hints) is not (>= 0 and var start))
        {
            return result.ToArray();
        }

        var scope = result[start..].IndexOf("\"cacheScope\":\""u8) + "\"cacheScope\":\""u8.Length + start;
        var end = scope + result[scope..].IndexOf((byte)'"') + 1;
        return [.. result[..start], .. result[end..]];
    }
}
