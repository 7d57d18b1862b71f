using Peregrine.Protocol.Buffers;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Policies;

/// <summary>Compresses replies on their way to clients over HTTP. No state.</summary>
internal static class ReplyCompression
{
    private const string Header = "Accept-Encoding";

    /// <summary>True where the reply is a long one that its caller takes compressed. Event streams are not: what a stream has in common with what came before shows in its lengths.</summary>
    internal static bool Applies(McpExchange exchange) =>
        exchange is HttpExchange { ErrorCode: 0, AcceptsJson: true, IsStreaming: false, StreamedResult: null } && exchange.Reply.Length + exchange.SharedResult.Length >= HttpEncodings.Threshold
        && CodingOf(exchange) is not null;

    /// <summary>Compresses the reply, where that makes it shorter.</summary>
    internal static void Compress(McpExchange exchange)
    {
        var coding = CodingOf(exchange)!;
        var reply = exchange.CompleteReply();
        var compressed = new PooledByteWriter(reply.Length);
        if (HttpEncodings.TryCompress(coding, reply, compressed))
        {
            ((HttpExchange)exchange).SetCompressed(coding, compressed);
        }
        else
        {
            compressed.Dispose();
        }
    }

    private static string? CodingOf(McpExchange exchange) => exchange.FindHeader(Header, out var accepted) == 1 ? HttpEncodings.Choose([accepted]) : null;
}
