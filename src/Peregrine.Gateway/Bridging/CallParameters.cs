using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>Sends a call on to its upstream: the caller's params as they came, with the tool's own name and the <c>_meta</c> of the upstream's era spliced in.</summary>
internal static class CallParameters
{
    [ThreadStatic]
    private static PooledByteWriter? t_meta;

    /// <summary>Sends the call.</summary>
    /// <param name="connection">The connection; its version tells the era.</param>
    /// <param name="exchange">The caller's request.</param>
    /// <param name="nameJson">The tool's own name, a raw JSON string.</param>
    /// <param name="statelessMeta">What a request to a stateless upstream says of the gateway where its caller does not speak that era: raw members.</param>
    /// <param name="options">How to send it; its progress token is written into <c>_meta</c>.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    internal static ValueTask<McpReply> SendAsync(
        McpConnection connection, McpExchange exchange, ReadOnlyMemory<byte> nameJson, ReadOnlySpan<byte> statelessMeta, in SendOptions options, CancellationToken cancellationToken)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body;
        var toStateless = connection.Version.Era() == ProtocolEra.Stateless;
        var fromStateless = exchange.Era == ProtocolEra.Stateless;
        var crosses = toStateless != fromStateless;
        if (options.ProgressToken == 0 && (!crosses || (fromStateless && !envelope.Meta.IsPresent)))
        {
            return SendSpliced(connection, envelope, body, nameJson, envelope.Meta.Of(body), options, cancellationToken);
        }

        var meta = t_meta ??= new PooledByteWriter(512);
        meta.Clear();
        MetaRewriter.Write(meta, envelope.Meta.Of(body.Span), dropStateless: fromStateless && crosses, toStateless && crosses ? statelessMeta : default, options.ProgressToken);
        return SendSpliced(connection, envelope, body, nameJson, meta.WrittenMemory, options, cancellationToken);
    }

    private static ValueTask<McpReply> SendSpliced(
        McpConnection connection, in Envelope envelope, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> nameJson, ReadOnlyMemory<byte> meta, in SendOptions options, CancellationToken cancellationToken)
    {
        var (open, end) = (envelope.Params.Start, envelope.Params.End);
        var name = envelope.Name;
        if (!envelope.Meta.IsPresent)
        {
            // Params has at least the name, so a comma always follows what is put in front.
            var added = meta.IsEmpty ? ReadOnlyMemory<byte>.Empty : MetaMember;
            var comma = meta.IsEmpty ? ReadOnlyMemory<byte>.Empty : Comma;
            return connection.SendRequestAsync("tools/call"u8,
                [body.Slice(open, 1), added, meta, comma, body[(open + 1)..name.Start], nameJson, body[name.End..end]], options, cancellationToken);
        }

        var place = envelope.Meta;
        return name.Start < place.Start
            ? connection.SendRequestAsync("tools/call"u8,
                [body[open..name.Start], nameJson, body[name.End..place.Start], meta, body[place.End..end]], options, cancellationToken)
            : connection.SendRequestAsync("tools/call"u8,
                [body[open..place.Start], meta, body[place.End..name.Start], nameJson, body[name.End..end]], options, cancellationToken);
    }

    private static readonly ReadOnlyMemory<byte> MetaMember = "\"_meta\":"u8.ToArray();

    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
}
