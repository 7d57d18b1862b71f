using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Content;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Resources.Files;

/// <summary>Answers with files: in pieces where the front can, else whole. No state.</summary>
internal static class FileReplies
{
    // Below this a reply with its length in one piece is simpler for everybody.
    private const int StreamedFrom = 64 * 1024;

    /// <summary>Answers with a file, which it takes over.</summary>
    internal static async ValueTask AnswerAsync(McpExchange exchange, PeregrineServer server, OpenFile file, TimeSpan timeToLive, McpCacheScope scope)
    {
        if (file.Refusal is { } refusal)
        {
            file.Dispose();
            exchange.Fail(ErrorCodes.ResourceExhausted, refusal, "{\"retryable\":false}"u8);
            return;
        }

        var stream = Stream(exchange, server, file, timeToLive, scope);
        if (exchange.CanStreamResult && file.Length >= StreamedFrom)
        {
            exchange.ReturnStreamed(stream);
            return;
        }

        using (stream)
        {
            var reply = exchange.BeginResult();
            while (await stream.WriteNextAsync(reply, exchange.CancellationToken).ConfigureAwait(false))
            {
            }

            exchange.EndResult();
        }
    }

    private static FileContentStream Stream(McpExchange exchange, PeregrineServer server, OpenFile file, TimeSpan timeToLive, McpCacheScope scope)
    {
        using var head = new PooledByteWriter(256);
        head.Write(ResourceReading.Head);
        head.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(head, file.Uri.AsSpan());
        JsonMembers.WriteText(head, ",\"mimeType\":"u8, file.MimeType);
        head.Write(file.IsText ? ",\"text\":\""u8 : ",\"blob\":\""u8);
        using var tail = new PooledByteWriter(256);
        tail.Write("\"}"u8);
        ResourceReading.WriteTail(tail, exchange.Era, server, timeToLive, scope);
        return new FileContentStream(file, head.WrittenSpan.ToArray(), tail.WrittenSpan.ToArray());
    }
}
