using Peregrine.Client.Connecting;

namespace Peregrine.Client.Tests.Http;

public sealed class MirroredHeaderTests
{
    private const string Discovered = "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"resultType\":\"complete\"}";

    private const string Tools = """
        "result":{"resultType":"complete","tools":[
          {"name":"query","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}}}}},
          {"name":"broken","inputSchema":{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}}]}
        """;

    [Fact]
    public async Task Annotated_arguments_of_listed_tools_are_repeated_in_headers()
    {
        await using var server = await StartAsync(static (_, _) => "\"result\":{\"resultType\":\"complete\",\"content\":[]}");
        await using var client = await ConnectAsync(server);
        Assert.Equal(["query"], (await client.ListToolsAsync().Soon()).Select(static tool => tool.Name));

        (await client.CallToolAsync("query", "{\"region\":\"Østfold\",\"deep\":{\"n\":42}}"u8.ToArray()).Soon()).Dispose();
        (await client.CallToolAsync("query", "{\"region\":null}"u8.ToArray()).Soon()).Dispose();

        var calls = server.Seen.Where(static one => one.Method == "tools/call").ToArray();
        Assert.Equal("=?base64?w5hzdGZvbGQ=?=", calls[0].Headers["Mcp-Param-Region"]);
        Assert.Equal("42", calls[0].Headers["Mcp-Param-N"]);
        Assert.Equal("query", calls[0].Headers["Mcp-Name"]);
        Assert.False(calls[1].Headers.ContainsKey("Mcp-Param-Region"));
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.CallToolAsync("broken").Soon());
        Assert.Contains("must not be called", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Methods.Count(static method => method == "tools/call"));
    }

    [Fact]
    public async Task A_call_refused_for_its_headers_is_made_again_with_a_fresh_list()
    {
        await using var server = await StartAsync(static (headers, _) => headers.ContainsKey("Mcp-Param-Region")
            ? "\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"fine\"}]}"
            : null);
        await using var client = await ConnectAsync(server);
        using var result = await client.CallToolAsync("query", "{\"region\":\"eu\"}"u8.ToArray()).Soon();
        Assert.Equal("fine", result.GetText());
        Assert.Equal(["server/discover", "tools/call", "tools/list", "tools/call"], server.Methods);
    }

    private static Task<ScriptedHttpServer> StartAsync(Func<Microsoft.AspNetCore.Http.IHeaderDictionary, string, string?> call) =>
        ScriptedHttpServer.StartAsync((context, method, message) =>
        {
            switch (method)
            {
                case "server/discover":
                    return Task.FromResult<string?>(Discovered);
                case "tools/list":
                    return Task.FromResult<string?>(Tools);
                default:
                    var answer = call(context.Request.Headers, method);
                    context.Response.StatusCode = answer is null ? 400 : 200;
                    return Task.FromResult<string?>(answer ?? "\"error\":{\"code\":-32020,\"message\":\"headers\"}");
            }
        });

    private static Task<PeregrineClient> ConnectAsync(ScriptedHttpServer server) =>
        PeregrineClient.ConnectAsync(server.Endpoint, new PeregrineClientOptions { EraStore = new InMemoryEraStore() }).Soon();
}
