using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources.Files;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>Answers <c>resources/read</c> with what a handler gave. No state.</summary>
internal static class ResourceReading
{
    /// <summary>A result up to its first contents.</summary>
    internal static ReadOnlySpan<byte> Head => "{\"contents\":["u8;

    /// <summary>What the feature found out about the request.</summary>
    internal static McpResourceRequest RequestOf(McpCall call) =>
        call.Exchange.Subject as McpResourceRequest ?? throw new InvalidOperationException("This call does not read a resource.");

    /// <summary>Waits for the handler, then answers.</summary>
    internal static ValueTask AnswerAsync(McpCall call, ValueTask<McpResourceResult> reading, TimeSpan timeToLive, McpCacheScope scope)
    {
        if (!reading.IsCompletedSuccessfully)
        {
            return AwaitAsync(call, reading, timeToLive, scope);
        }

        return Answer(call, reading.Result, timeToLive, scope);
    }

    /// <summary>Writes what follows the last contents.</summary>
    internal static void WriteTail(PooledByteWriter writer, ProtocolEra era, PeregrineServer server, TimeSpan timeToLive, McpCacheScope scope)
    {
        writer.WriteByte((byte)']');
        if (era == ProtocolEra.Stateless)
        {
            writer.Write(",\"ttlMs\":"u8);
            JsonRpcWriter.WriteInteger(writer, (long)timeToLive.TotalMilliseconds);
            writer.Write(scope == McpCacheScope.Public ? ",\"cacheScope\":\"public\""u8 : ",\"cacheScope\":\"private\""u8);
            writer.Write(server.StatelessResultSuffix);
        }

        writer.WriteByte((byte)'}');
    }

    /// <summary>Answers that there is no such resource (2026-07-28: -32602, before: -32002).</summary>
    internal static void FailNotFound(McpExchange exchange)
    {
        var raw = exchange.Envelope.Uri.Of(exchange.Body.Span);
        _ = JsonText.TryGetString(raw, out var uri);
        using var data = new PooledByteWriter(256);
        data.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(data, uri.AsSpan());
        data.WriteByte((byte)'}');
        exchange.Fail(exchange.Era == ProtocolEra.Stateless ? ErrorCodes.InvalidParams : ErrorCodes.ResourceNotFoundOfSessionEra,
            $"Resource not found: {EraRules.Shorten(uri ?? "")}", data.WrittenSpan);
    }

    private static async ValueTask AwaitAsync(McpCall call, ValueTask<McpResourceResult> reading, TimeSpan timeToLive, McpCacheScope scope) =>
        await Answer(call, await reading.ConfigureAwait(false), timeToLive, scope).ConfigureAwait(false);

    private static ValueTask Answer(McpCall call, McpResourceResult? result, TimeSpan timeToLive, McpCacheScope scope)
    {
        var exchange = call.Exchange;
        if (result?.File is { } file)
        {
            return FileReplies.AnswerAsync(exchange, call.Server, file, timeToLive, scope);
        }

        if (result is null or { Contents.Count: 0 })
        {
            FailNotFound(exchange);
            return default;
        }

        var writer = exchange.BeginResult();
        writer.Write(Head);
        for (var i = 0; i < result.Contents.Count; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            ResourceWriter.WriteContents(writer, result.Contents[i]);
        }

        WriteTail(writer, exchange.Era, call.Server, timeToLive, scope);
        exchange.EndResult();
        return default;
    }
}
