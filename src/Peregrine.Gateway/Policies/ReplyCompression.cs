using Peregrine.Protocol.Buffers;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Policies;

/// <summary>Compresses replies on their way to clients over HTTP. No state.</summary>
internal static class ReplyCompression
{
    private const string Header = "Accept-Encoding";

    /// <summary>The coding to send a reply in: it is a long one, and its caller takes it. Null for none, as for event streams, which go out piece by piece.</summary>
    internal static string? Choose(McpExchange exchange) =>
        exchange is HttpExchange { ErrorCode: 0, AcceptsJson: true, IsStreaming: false, StreamedResult: null } && exchange.Reply.Length + exchange.SharedResult.Length >= HttpEncodings.Threshold
        && exchange.FindHeader(Header, out var accepted) == 1
            ? HttpEncodings.Choose([accepted])
            : null;

    /// <summary>Compresses the reply, where that makes it shorter.</summary>
    internal static void Compress(HttpExchange exchange, string coding)
    {
        var reply = exchange.CompleteReply();
        var compressed = new PooledByteWriter(reply.Length);
        if (HttpEncodings.TryCompress(coding, reply, compressed))
        {
            exchange.SetCompressed(coding, compressed);
        }
        else
        {
            compressed.Dispose();
        }
    }
}
