using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Caching;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Pagination;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Resources;

/// <summary><c>resources/list</c>, <c>resources/templates/list</c> and <c>resources/read</c>.</summary>
internal sealed class ResourcesFeature(PeregrineServer server, ToolInvoker invoker) : IServerFeature
{
    private readonly LimitedTarget _limited = new(invoker);

    /// <inheritdoc/>
    public McpMethod[] Methods { get; } = [McpMethod.ResourcesList, McpMethod.ResourcesTemplatesList, McpMethod.ResourcesRead];

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write("\"resources\":{\"subscribe\":true,\"listChanged\":true}"u8);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        switch (exchange.Method)
        {
            case McpMethod.ResourcesRead:
                return Read(exchange);
            case McpMethod.ResourcesList:
                ListReplies.Answer(exchange, server.Registry.Current.ResourceList);
                return default;
            default:
                ListReplies.Answer(exchange, server.Registry.Current.TemplateList);
                return default;
        }
    }

    private ValueTask Read(McpExchange exchange)
    {
        var raw = exchange.Envelope.Uri.Of(exchange.Body.Span);
        if (!JsonText.IsString(raw))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"uri\" must be the URI of a resource, a string");
            return default;
        }

        // An escape makes a character at most six times as long.
        var limit = server.Options.MaxResourceUriBytes;
        var buffer = raw.Length <= 512 ? stackalloc byte[512] : new byte[Math.Min(raw.Length, limit * 6)];
        if (raw.Length > (limit * 6) + 2 || !JsonText.TryGetContent(raw, buffer, out var uri) || uri.Length > limit)
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Invalid params: \"uri\" must be proper text of at most {limit} bytes");
            return default;
        }

        return Read(exchange, uri);
    }

    private ValueTask Read(McpExchange exchange, ReadOnlySpan<byte> uri)
    {
        var snapshot = server.Registry.Current;
        if (snapshot.FindResource(uri) is { } resource)
        {
            if (resource is StaticResource constant)
            {
                exchange.ReturnShared(constant.ResultFor(exchange.Era, server));
                return default;
            }

            exchange.Subject = new McpResourceRequest(Encoding.UTF8.GetString(uri), []);
            return Run(resource, exchange);
        }

        foreach (var template in snapshot.Contents.ResourceTemplates)
        {
            if (template.Template!.TryMatch(uri, out var variables))
            {
                exchange.Subject = new McpResourceRequest(Encoding.UTF8.GetString(uri), variables);
                return Run(template, exchange);
            }
        }

        ResourceReading.FailNotFound(exchange);
        return default;
    }

    private ValueTask Run(McpHandler handler, McpExchange exchange) =>
        server.Caching.CallsFor(handler, _limited) is { } calls
            ? calls.RunAsync(handler, exchange, ((McpResourceRequest)exchange.Subject!).Uri)
            : invoker.InvokeLimited(handler, exchange);
}
