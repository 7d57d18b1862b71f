using System.IO.Pipelines;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Bridging;

/// <summary>A call whose body goes on as it came: its bytes lie beside the exchange, and nobody here has looked into them. No state.</summary>
internal static class UnreadCall
{
    /// <summary>The bytes; null for every other call.</summary>
    internal static PooledByteWriter? Of(McpExchange exchange) => exchange.Subject as PooledByteWriter;

    /// <summary>Takes the body in. The front bounds its length.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="body">Its body.</param>
    /// <param name="bytes">Receives it; the caller's to dispose when the call has ended.</param>
    internal static async ValueTask ReadAsync(McpExchange exchange, PipeReader body, PooledByteWriter bytes)
    {
        exchange.Subject = bytes;
        while (true)
        {
            var read = await body.ReadAsync(exchange.CancellationToken).ConfigureAwait(false);
            foreach (var piece in read.Buffer)
            {
                bytes.Write(piece.Span);
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>An error of the gateway's own is about to be written. It needs the id, and so the one look that the call itself does without.</summary>
    internal static void Identify(McpExchange exchange)
    {
        if (Of(exchange) is { } bytes && !exchange.Envelope.Id.IsPresent && EnvelopeReader.TryRead(bytes.WrittenSpan, out var envelope))
        {
            exchange.Load(bytes.WrittenSpan, envelope);
        }
    }
}
