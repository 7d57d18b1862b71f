using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Routing;

/// <content>Calls that are routed by their headers alone (2026-07-28): where nothing in the body would be changed, nobody here reads it.</content>
internal sealed partial class GatewayResponder
{
    // Longer names, and names that had to be encoded, are looked for in the body.
    private const int MaxHeaderName = 256;

    /// <summary>
    /// True where calls may be routed by what their headers say. Only the server compares header and body, so not where a tool's name decides more than where its call goes. Default false.
    /// </summary>
    internal bool RoutesByHeaders { get; init; }

    /// <inheritdoc/>
    public BodyMode ChooseBody(in RequestHead head) =>
        RoutesByHeaders && head.Method == McpMethod.ToolsCall && HasGathered && !_draining && Find(head.Name) is { } item && item.Upstream.TakesUnread(item) && !_policies.Holds(item) ? BodyMode.Unread : BodyMode.Scanned;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ForwardUnreadAsync(McpExchange exchange, PipeReader body)
    {
        var started = _time.GetTimestamp();
        using var bytes = new PooledByteWriter();
        await UnreadCall.ReadAsync(exchange, body, bytes).ConfigureAwait(false);
        if (Find(exchange.NameHeader) is { } item)
        {
            await Forward(exchange, item.Upstream, new ForwardTarget(item, default), started).ConfigureAwait(false);
            return;
        }

        // It was there when the headers were read, and has gone since.
        UnreadCall.Identify(exchange);
        exchange.Fail(ErrorCodes.InvalidParams, "Unknown tool: it is not offered any more");
        _unknown.Record(RequestOutcome.Invalid, _time.GetElapsedTime(started));
    }

    private CatalogItem? Find(string? name)
    {
        if (name is null || name.Length > MaxHeaderName || !Ascii.IsValid(name) || name.StartsWith("=?", StringComparison.Ordinal))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxHeaderName];
        return _catalog().Tools.Find(bytes[..Encoding.ASCII.GetBytes(name, bytes)]);
    }
}
