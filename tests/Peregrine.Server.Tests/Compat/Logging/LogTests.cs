using System.Text.Json;
using Peregrine.Server.Sessions;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Server.Tests.Compat.Logging;

/// <summary>notifications/message: only what was asked for, and not without end.</summary>
public sealed class LogTests
{
    private static readonly string[] Names = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    private static DelegateTool AllLevels { get; } = new("all", static async call =>
    {
        for (var level = McpLogLevel.Debug; level <= McpLogLevel.Emergency; level++)
        {
            await call.LogAsync(level, $"at {level}", "test");
        }

        call.ReturnText("done");
    });

    [Theory]
    [InlineData("2024-11-05", Wire.Stream)]
    [InlineData("2025-03-26", Wire.Stdio)]
    [InlineData("2025-06-18", Wire.Stream)]
    [InlineData("2025-11-25", Wire.Stdio)]
    public async Task OfASessionHasTheLevelThatItSet(string version, Wire wire)
    {
        var schema = PublishedSchema.Of(version);
        await using var peer = TestPeer.Start(TestServer.With(AllLevels), wire);
        var opened = await peer.AskAsync(Messages.Initialize(version));
        Assert.True(opened.Result().GetProperty("capabilities").TryGetProperty("logging", out _));
        Assert.Equal("done", (await peer.AskAsync(Messages.Call("all"))).Text());

        for (var least = 0; least < Names.Length; least++)
        {
            Assert.Equal("{}", (await peer.AskAsync(Messages.Request("logging/setLevel", "1", $$"""{"level":"{{Names[least]}}"}"""))).Result().GetRawText());
            await peer.SendAsync(Messages.Call("all"));
            for (var level = least; level < Names.Length; level++)
            {
                var message = await peer.ReceiveAsync();
                Assert.Empty(schema.Judge(message, "LoggingMessageNotification"));
                Assert.Equal($$"""{"level":"{{Names[level]}}","logger":"test","data":"at {{(McpLogLevel)level}}"}""", message.GetProperty("params").GetRawText());
            }

            Assert.Equal("done", (await peer.ReceiveAsync()).Text());
        }
    }

    [Theory]
    [InlineData("""{"level":"loud"}""")]
    [InlineData("""{"level":3}""")]
    [InlineData("""{"level":null}""")]
    [InlineData("""{"level":"Debug"}""")]
    [InlineData("{}")]
    public async Task ALevelThatIsNoneIsRefused(string parameters)
    {
        await using var peer = TestPeer.Start(TestServer.With(AllLevels));
        await peer.AskAsync(Messages.Initialize("2025-11-25"));

        var reply = await peer.AskAsync(Messages.Request("logging/setLevel", "1", parameters));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains("emergency", reply.Explanation(), StringComparison.Ordinal);
        Assert.Equal("done", (await peer.AskAsync(Messages.Call("all"))).Text());
    }

    [Fact]
    public async Task OfTheStatelessEraIsAskedForByEachRequest()
    {
        var schema = PublishedSchema.Of("2026-07-28");
        await using var peer = TestPeer.Start(TestServer.With(AllLevels));
        Assert.Equal("done", (await peer.AskAsync(Messages.StatelessCall("all"))).Text());

        await peer.SendAsync(Call("\"critic\\u0061l\""));

        foreach (var name in Names[5..])
        {
            var message = await peer.ReceiveAsync();
            Assert.Empty(schema.Judge(message, "LoggingMessageNotification"));
            Assert.Equal(name, message.GetProperty("params").GetProperty("level").GetString());
        }

        Assert.Equal("done", (await peer.ReceiveAsync()).Text());
        Assert.Equal(-32602, (await peer.AskAsync(Call("\"loud\""))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Call("5"))).Code());
        Assert.Equal(-32601, (await peer.AskAsync(Messages.Stateless("logging/setLevel"))).Code());
        Assert.Equal("done", (await peer.AskAsync(Messages.StatelessCall("all"))).Text());
    }

    [Fact]
    public async Task OfOneCallHasABoundInNumberAndLength()
    {
        await using var peer = TestPeer.Start(TestServer.Describe(new DelegateTool("much", static async call =>
        {
            await call.LogAsync(McpLogLevel.Info, """{"raw":[1,2]}"""u8);
            await call.LogAsync(McpLogLevel.Info, new string('x', 1000));
            for (var i = 0; i < 50; i++)
            {
                await call.LogAsync(McpLogLevel.Info, $"{i}");
            }

            call.ReturnText("done");
        })).Configure(static options => options with { Logging = new() { MaxMessagesPerCall = 4, MaxDataBytes = 256 } }).Build());

        // Twice: the count is the call's own.
        for (var round = 0; round < 2; round++)
        {
            await peer.SendAsync(Call("\"debug\""));
            List<string> data = [];
            var message = await peer.ReceiveAsync();
            for (; !message.TryGetProperty("id", out _); message = await peer.ReceiveAsync())
            {
                data.Add(message.GetProperty("params").GetProperty("data").GetRawText());
            }

            Assert.Equal("done", message.Text());
            Assert.Equal(["""{"raw":[1,2]}""", "\"A message of 1002 bytes was left out; 256 is the most.\"", "\"0\"", "\"1\"",
                "\"This call has sent 4 messages; its further ones are left out.\""], data);
        }

        static string Call(string level) => LogTests.Call(level, "much");
    }

    [Fact]
    public async Task ThatIsNoJsonIsTheToolsFault()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("faulty", static call => call.LogAsync(McpLogLevel.Info, "{\"a\":"u8))));

        Assert.True((await peer.AskAsync(Call("\"debug\"", "faulty"))).IsToolError());
        Assert.False((await peer.AskAsync(Call("\"error\"", "faulty"))).IsToolError());
    }

    private static string Call(string level, string tool = "all") => Messages.Request("tools/call", "1",
        $$$$"""{"name":"{{{{tool}}}}","_meta":{{{{Messages.Meta[..^1]}}}},"io.modelcontextprotocol/logLevel":{{{{level}}}}}}""");
}
