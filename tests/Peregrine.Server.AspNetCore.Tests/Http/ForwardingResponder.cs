using System.IO.Pipelines;
using System.Net;
using System.Text;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Tests.Http;

/// <summary>The least gateway: tool calls go on unread to another endpoint, and its answer comes back; everything else is refused.</summary>
internal sealed class ForwardingResponder(HttpClient upstream) : IUnreadBodyResponder
{
    private int _unread;

    internal int Unread => _unread;

    internal int Scanned { get; private set; }

    public BodyMode ChooseBody(in RequestHead head) => head.Method == McpMethod.ToolsCall ? BodyMode.Unread : BodyMode.Scanned;

    public async ValueTask RespondAsync(McpExchange exchange)
    {
        if (exchange.UnreadBody is not { } body)
        {
            Scanned++;
            exchange.Fail(ErrorCodes.MethodNotFound, "Only tool calls are forwarded");
            return;
        }

        Interlocked.Increment(ref _unread);
        Assert.True(exchange.IsRequest);
        Assert.Equal(0, exchange.Body.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StreamContent(body.AsStream()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
        request.Headers.TryAddWithoutValidation("Mcp-Method", Encoding.UTF8.GetString(exchange.Method.ToUtf8()));
        request.Headers.TryAddWithoutValidation("Mcp-Name", exchange.NameHeader);
        using var response = await upstream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, exchange.CancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            await ForwardEventsAsync(exchange, response);
        }
        else
        {
            exchange.SetReply(await response.Content.ReadAsByteArrayAsync(exchange.CancellationToken),
                response.StatusCode == HttpStatusCode.OK ? 0 : ErrorCodes.MissingRequiredClientCapability);
        }
    }

    private static async Task ForwardEventsAsync(McpExchange exchange, HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(exchange.CancellationToken));
        byte[]? last = null;
        while (await reader.ReadLineAsync(exchange.CancellationToken) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
            {
                continue;
            }

            if (last is not null)
            {
                await exchange.NotifyAsync(last, exchange.CancellationToken);
            }

            last = Encoding.UTF8.GetBytes(line["data:".Length..].Trim());
        }

        exchange.SetReply(last!, 0);
    }
}
