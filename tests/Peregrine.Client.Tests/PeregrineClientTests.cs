using System.Text;
using System.Text.Json;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests;

public sealed class PeregrineClientTests
{
    [Fact]
    public async Task All_pages_of_the_list_are_read()
    {
        var server = Session((method, parameters) => method != "tools/list" ? null
            : parameters.ValueKind == JsonValueKind.Undefined
                ? """
                  "result":{"tools":[{"name":"a","title":"A","description":"d\n1","inputSchema":{"type":"object"}},{"nameless":true}],"nextCursor":""}
                  """.Trim()
                : parameters.GetProperty("cursor").GetString() == ""
                    ? "\"result\":{\"nextCursor\":\"x\\\"y\",\"tools\":[]}"
                    : parameters.GetProperty("cursor").GetString() == "x\"y"
                        ? "\"result\":{\"tools\":[{\"name\":\"b\",\"annotations\":{\"title\":\"B\"}}]}"
                        : null);
        await using var client = await ConnectAsync(server);
        var tools = await client.ListToolsAsync().Soon();
        Assert.Equal(["a", "b"], tools.Select(static t => t.Name));
        Assert.Equal("d\n1", tools[0].Description);
        Assert.Equal(["A", "B"], tools.Select(static t => t.Title));
        Assert.Equal("{\"type\":\"object\"}", Text(tools[0].InputSchema));
        Assert.True(tools[1].InputSchema.IsEmpty);
        Assert.Equal("{\"name\":\"b\",\"annotations\":{\"title\":\"B\"}}", Text(tools[1].Definition));
        Assert.Null(tools[1].Description);
        Assert.Equal("b", tools[1].ToString());
    }

    [Fact]
    public async Task A_list_that_never_ends_is_given_up()
    {
        var page = 0;
        var server = Session((method, _) => method == "tools/list" ? $"\"result\":{{\"tools\":[],\"nextCursor\":\"{page++}\"}}" : null);
        await using (var client = await ConnectAsync(server, new PeregrineClientOptions { Era = ProtocolEra.Session, MaxListPages = 5 }))
        {
            Assert.Equal(TransportFault.InvalidReply, (await Assert.ThrowsAsync<McpTransportException>(() => client.ListToolsAsync().Soon())).Fault);
            Assert.Equal(5, page);
        }

        server = Session((method, _) => method == "tools/list" ? "\"result\":{\"tools\":[],\"nextCursor\":\"same\"}" : null);
        await using (var client = await ConnectAsync(server))
        {
            await Assert.ThrowsAsync<McpTransportException>(() => client.ListToolsAsync().Soon());
            Assert.Equal(2, server.Methods.Count(static m => m == "tools/list"));
        }
    }

    [Fact]
    public async Task A_call_carries_its_arguments_as_they_are()
    {
        var server = Session((method, parameters) => method == "tools/call"
            ? $"\"result\":{{\"content\":[{{\"type\":\"image\"}},{{\"type\":\"text\",\"text\":\"a\\u0041\"}},{{\"type\":\"text\",\"text\":\"b\"}}],\"structuredContent\":{parameters.GetRawText()},\"isError\":true}}"
            : null);
        await using var client = await ConnectAsync(server);
        using (var result = await client.CallToolAsync("t\"ool", "{ \"n\": 1.10e2 }"u8.ToArray()).Soon())
        {
            Assert.True(result.IsError);
            Assert.Equal("complete", result.ResultType);
            Assert.Equal("aA\nb", result.GetText());
            Assert.EndsWith("\"name\":\"t\\\"ool\",\"arguments\":{ \"n\": 1.10e2 }}", Text(result.StructuredContent), StringComparison.Ordinal);
            Assert.StartsWith("[{\"type\":\"image\"}", Text(result.Content), StringComparison.Ordinal);
            Assert.StartsWith("{\"content\"", Text(result.Raw), StringComparison.Ordinal);
        }

        using (var result = await client.CallToolAsync("t\"ool").Soon())
        {
            Assert.EndsWith("\"name\":\"t\\\"ool\",\"arguments\":{}}", Text(result.StructuredContent), StringComparison.Ordinal);
            result.Dispose();
            Assert.Throws<ObjectDisposedException>(() => result.Raw);
        }
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":}")]
    public async Task Arguments_that_are_no_object_are_never_sent(string arguments)
    {
        var server = Session((_, _) => null);
        var client = await ConnectAsync(server);
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallToolAsync("t", Encoding.UTF8.GetBytes(arguments)).Soon());
        await client.DisposeAsync();
        await server.Running.Soon();
        Assert.DoesNotContain("tools/call", server.Methods);
    }

    [Fact]
    public async Task Progress_is_reported()
    {
        ScriptedServer? server = null;
        server = Session((method, parameters) =>
        {
            if (method != "tools/call")
            {
                return null;
            }

            var token = parameters.GetProperty("_meta").GetProperty("progressToken").GetRawText();
            server!.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":0.5,"total":2,"message":"half"}}""").Wait();
            server.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":"odd"}}""").Wait();
            return "\"result\":{\"content\":[]}";
        });
        await using var client = await ConnectAsync(server);
        var seen = new Reports();
        using var result = await client.CallToolAsync("t", default, seen).Soon();
        Assert.Equal("", result.GetText());
        Assert.Equal([new CallProgress(0.5, 2, "half"), new CallProgress(0, null, null)], seen.All);
    }

    [Fact]
    public async Task Errors_of_the_server_and_unknown_results_are_exceptions()
    {
        var server = Session((method, parameters) => method != "tools/call" ? null : parameters.GetProperty("name").GetString() switch
        {
            "absent" => "\"error\":{\"code\":-32602,\"message\":\"Unknown tool\"}",
            "asks" => "\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{}}",
            "odd" => "\"result\":{\"resultType\":\"surprise\"}",
            _ => "\"result\":5",
        });
        await using var client = await ConnectAsync(server);
        Assert.Equal(-32602, (await Assert.ThrowsAsync<McpPeerException>(() => client.CallToolAsync("absent").Soon())).Code);
        Assert.Equal(TransportFault.InvalidReply, (await Assert.ThrowsAsync<McpTransportException>(() => client.CallToolAsync("odd").Soon())).Fault);
        using (var result = await client.CallToolAsync("asks").Soon())
        {
            Assert.Equal("input_required", result.ResultType);
        }

        using (var result = await client.CallToolAsync("number").Soon())
        {
            Assert.Equal("", result.GetText());
            Assert.True(result.Content.IsEmpty);
        }
    }

    [Fact]
    public async Task Any_request_can_be_sent_and_times_out_like_all()
    {
        var time = new ManualTime();
        var server = Session((method, _) => method == "resources/list" ? "\"error\":{\"code\":1,\"message\":\"m\"}" : null, time);
        await using var client = await ConnectAsync(server, new PeregrineClientOptions
        {
            Era = ProtocolEra.Session,
            TimeProvider = time,
            RequestTimeout = TimeSpan.FromSeconds(4),
        });
        using (var reply = await client.SendRequestAsync("resources/list"u8, default).Soon())
        {
            Assert.Equal(1, reply.ErrorCode);
        }

        var ping = client.PingAsync().AsTask();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TransportFault.TimedOut, (await Assert.ThrowsAsync<McpTransportException>(() => ping.Soon())).Fault);
    }

    [Fact]
    public async Task More_names_than_are_kept_can_be_called()
    {
        var server = Session((method, parameters) => method == "tools/call" ? $"\"result\":{{\"structuredContent\":{parameters.GetProperty("name").GetRawText()}}}" : null);
        await using var client = await ConnectAsync(server);
        for (var i = 0; i < 1100; i++)
        {
            using var result = await client.CallToolAsync($"tool{i}").Soon();
            Assert.Equal($"\"tool{i}\"", Text(result.StructuredContent));
        }
    }

    [Fact]
    public async Task All_faults_of_the_options_are_named_at_once()
    {
        var options = new PeregrineClientOptions
        {
            Name = "",
            Version = " ",
            Capabilities = "[]"u8.ToArray(),
            Era = (ProtocolEra)9,
            ProbeTimeout = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.Zero,
            RequestTimeout = TimeSpan.FromTicks(-1),
            MaxListPages = 0,
            MaxMessageLength = 0,
        };
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => PeregrineClient.ConnectAsync(new Uri("http://localhost/"), options).Soon());
        foreach (var name in new[] { "Name", "Version", "Capabilities", "Era", "ProbeTimeout", "ConnectTimeout", "RequestTimeout", "MaxListPages", "MaxMessageLength" })
        {
            Assert.Contains(name + " is", exception.Message, StringComparison.Ordinal);
        }
    }

    private static ScriptedServer Session(Func<string, JsonElement, string?> answer, TimeProvider? time = null) => new(
        (method, parameters) => method == "initialize"
            ? "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}"
            : answer(method, parameters),
        new DuplexConnectionOptions { TimeProvider = time ?? TimeProvider.System });

    private static Task<PeregrineClient> ConnectAsync(ScriptedServer server, PeregrineClientOptions? options = null) =>
        PeregrineClient.ConnectAsync(server.Connection, options ?? new PeregrineClientOptions { Era = ProtocolEra.Session }).Soon();

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private sealed class Reports : IProgress<CallProgress>
    {
        public List<CallProgress> All { get; } = [];

        public void Report(CallProgress value) => All.Add(value);
    }
}
