using Peregrine.Client.Connecting;
using Peregrine.Client.Tests.Http;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Tests.Connecting;

public sealed class EraStoreTests
{
    private const string Initialized = "\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";
    private const string Discovered = "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},\"resultType\":\"complete\"}";

    [Fact]
    public async Task What_was_found_out_is_not_asked_again_until_it_is_no_longer_true()
    {
        var era = ProtocolEra.Session;
        await using var server = await ScriptedHttpServer.StartAsync((context, method, _) =>
        {
            if ((era == ProtocolEra.Session) == (method == "server/discover"))
            {
                context.Response.StatusCode = method == "server/discover" ? 400 : 404;
                return Task.FromResult<string?>(method == "server/discover" ? null : "\"error\":{\"code\":-32601,\"message\":\"gone\"}");
            }

            return Task.FromResult<string?>(method switch { "initialize" => Initialized, "server/discover" => Discovered, _ => null });
        });
        var store = new InMemoryEraStore();
        for (var i = 0; i < 2; i++)
        {
            await using var client = await ConnectAsync();
            Assert.Equal(ProtocolVersion.V2025_06_18, client.ProtocolVersion);
        }

        Assert.Equal(["server/discover", "initialize", "notifications/initialized", "initialize", "notifications/initialized"], server.Methods);
        Assert.Equal(new RememberedEra(ProtocolVersion.V2025_06_18, IsHttpSse: false), await store.FindAsync(server.Endpoint.AbsoluteUri));

        era = ProtocolEra.Stateless;
        await using (var client = await ConnectAsync())
        {
            Assert.Equal(ProtocolEra.Stateless, client.Era);
        }

        Assert.Equal(["initialize", "server/discover"], server.Methods.Skip(5));
        Assert.Equal(ProtocolVersion.V2026_07_28, (await store.FindAsync(server.Endpoint.AbsoluteUri))?.Version);

        Task<PeregrineClient> ConnectAsync() => PeregrineClient.ConnectAsync(server.Endpoint, new PeregrineClientOptions { EraStore = store, EventStream = false }).Soon();
    }

    [Fact]
    public async Task A_server_that_knows_http_sse_only_is_found_and_remembered()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Microsoft.AspNetCore.Http.HttpContext? stream = null;
        await using var server = await ScriptedHttpServer.StartAsync(async (context, method, message) =>
        {
            if (method == "GET")
            {
                stream = context;
                await WriteAsync("event: endpoint\ndata: /messages\n\n");
                await using var aborted = context.RequestAborted.Register(() => end.TrySetResult());
                await end.Task;
                return null;
            }

            if (context.Request.Path != "/messages")
            {
                context.Response.StatusCode = 405;
                return null;
            }

            context.Response.StatusCode = 202;
            if (message.TryGetProperty("id", out var id))
            {
                var rest = method == "initialize" ? Initialized.Replace("2025-06-18", "2024-11-05", StringComparison.Ordinal) : "\"result\":{}";
                await WriteAsync($$"""data: {"jsonrpc":"2.0","id":{{id.GetRawText()}},{{rest}}}""" + "\n\n");
            }

            return null;
        });
        var store = new InMemoryEraStore();
        await using (var client = await PeregrineClient.ConnectAsync(server.Endpoint, new PeregrineClientOptions { EraStore = store }).Soon())
        {
            Assert.IsType<HttpSseConnection>(client.Connection);
            Assert.Equal(ProtocolVersion.V2024_11_05, client.ProtocolVersion);
            await client.PingAsync().Soon();
        }

        Assert.Equal(new RememberedEra(ProtocolVersion.V2024_11_05, IsHttpSse: true), await store.FindAsync(server.Endpoint.AbsoluteUri));

        async Task WriteAsync(string text)
        {
            if (!stream!.Response.HasStarted)
            {
                stream.Response.ContentType = "text/event-stream";
            }

            await stream.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
            await stream.Response.Body.FlushAsync();
        }
    }

    [Fact]
    public async Task A_server_that_is_neither_is_told_by_its_first_answer()
    {
        await using var server = await ScriptedHttpServer.StartAsync(static (context, _, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.FromResult<string?>(null);
        });
        var exception = await Assert.ThrowsAsync<McpTransportException>(
            () => PeregrineClient.ConnectAsync(server.Endpoint, new PeregrineClientOptions { EraStore = new InMemoryEraStore() }).Soon());
        Assert.Equal((TransportFault.HttpStatus, 404), (exception.Fault, exception.StatusCode));
    }
}
