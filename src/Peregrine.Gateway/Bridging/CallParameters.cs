using Peregrine.Gateway.Telemetry;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>Sends a request on to its upstream: the caller's params as they came, with the server's own name and the <c>_meta</c> of the upstream's era spliced in.</summary>
internal static class CallParameters
{
    private static readonly ReadOnlyMemory<byte> MetaMember = "\"_meta\":"u8.ToArray();

    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();

    [ThreadStatic]
    private static PooledByteWriter? t_meta;

    /// <summary>Sends the request.</summary>
    /// <param name="connection">The connection; its version tells the era.</param>
    /// <param name="exchange">The caller's request; params has at least one member.</param>
    /// <param name="key">Where the name stands; absent where it stays.</param>
    /// <param name="keyJson">The server's own name, a raw JSON string.</param>
    /// <param name="statelessMeta">What a request to a stateless upstream says of the gateway where its caller does not speak that era: raw members.</param>
    /// <param name="options">How to send it; its progress token is written into <c>_meta</c>.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    internal static ValueTask<McpReply> SendAsync(
        McpConnection connection, McpExchange exchange, JsonRange key, ReadOnlyMemory<byte> keyJson, ReadOnlySpan<byte> statelessMeta, in SendOptions options,
        CancellationToken cancellationToken)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body;
        var toStateless = connection.Version.Era() == ProtocolEra.Stateless;
        var fromStateless = exchange.Era == ProtocolEra.Stateless;
        var crosses = toStateless != fromStateless;
        var span = GatewayTelemetry.Span?.Id;
        if (options.ProgressToken == 0 && span is null && (!crosses || (fromStateless && !envelope.Meta.IsPresent)))
        {
            return SendSpliced(connection, exchange, key, keyJson, envelope.Meta.Of(body), options, cancellationToken);
        }

        var meta = t_meta ??= new PooledByteWriter(512);
        meta.Clear();
        var level = toStateless && crosses && LogMessages.Wanted(exchange) is { } wanted ? LogLevels.NameOf(wanted) : default;
        MetaRewriter.Write(meta, envelope.Meta.Of(body.Span), dropStateless: fromStateless && crosses, toStateless && crosses ? statelessMeta : default, level, options.ProgressToken, span);
        return SendSpliced(connection, exchange, key, keyJson, meta.WrittenMemory, options, cancellationToken);
    }

    // What is replaced: the name, and _meta, in whichever order they stand. An absent _meta is put in front; since params has a member, a comma follows it.
    private static ValueTask<McpReply> SendSpliced(
        McpConnection connection, McpExchange exchange, JsonRange key, ReadOnlyMemory<byte> keyJson, ReadOnlyMemory<byte> meta, in SendOptions options,
        CancellationToken cancellationToken)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body;
        var (open, end) = (envelope.Params.Start, envelope.Params.End);
        var inside = open + 1;
        var method = exchange.Method.ToUtf8();
        if (!envelope.Meta.IsPresent)
        {
            var added = meta.IsEmpty ? default : MetaMember;
            var comma = meta.IsEmpty ? default : Comma;
            return key.IsPresent
                ? connection.SendRequestAsync(method, [body[open..inside], added, meta, comma, body[inside..key.Start], keyJson, body[key.End..end]], options, cancellationToken)
                : connection.SendRequestAsync(method, [body[open..inside], added, meta, comma, body[inside..end]], options, cancellationToken);
        }

        var place = envelope.Meta;
        if (!key.IsPresent)
        {
            return connection.SendRequestAsync(method, [body[open..place.Start], meta, body[place.End..end]], options, cancellationToken);
        }

        return key.Start < place.Start
            ? connection.SendRequestAsync(method, [body[open..key.Start], keyJson, body[key.End..place.Start], meta, body[place.End..end]], options, cancellationToken)
            : connection.SendRequestAsync(method, [body[open..place.Start], meta, body[place.End..key.Start], keyJson, body[key.End..end]], options, cancellationToken);
    }
}
