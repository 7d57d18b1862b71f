using System.Text;
using System.Text.Json;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Registry;

/// <summary>The bytes of tools/list.</summary>
public sealed class ToolListTests
{
    [Fact]
    public async Task SaysAllOfATool()
    {
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(new Described(new McpToolDefinition
        {
            Name = "full",
            Title = "Full \"title\"",
            Description = "Line\nbreak \u2028 and é",
            InputSchema = Encoding.UTF8.GetBytes("{\r\n  \"type\": \"object\",\n  \"x-unknown\": \"a\\nb\"\n}"),
            OutputSchema = Encoding.UTF8.GetBytes("{\n\"type\":\"object\"}"),
            ReadOnly = true,
            Destructive = false,
            Idempotent = true,
            OpenWorld = false,
            Icons = "[\n{\"src\":\"data:,\"}]"u8.ToArray(),
            Meta = """{"com.example/a":1}"""u8.ToArray(),
        })).AddTool(new Described(new McpToolDefinition { Name = "bare", InputSchema = "{}"u8.ToArray() }))
            .AddTool(new Described(new McpToolDefinition { Name = "hint", InputSchema = "{}"u8.ToArray(), OpenWorld = true })).Build();
        await using var peer = TestPeer.Start(server);

        await peer.SendAsync(Messages.Request("tools/list"));
        var line = await peer.ReceiveLineAsync();

        Assert.DoesNotContain('\r', line);
        using var message = JsonDocument.Parse(line);
        var tools = message.RootElement.GetProperty("result").GetProperty("tools");
        Assert.Equal(["full", "bare", "hint"], tools.EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()));
        var full = tools[0];
        Assert.Equal("Full \"title\"", full.GetProperty("title").GetString());
        Assert.Equal("Line\nbreak \u2028 and é", full.GetProperty("description").GetString());
        Assert.Equal("a\nb", full.GetProperty("inputSchema").GetProperty("x-unknown").GetString());
        Assert.Equal("object", full.GetProperty("outputSchema").GetProperty("type").GetString());
        Assert.Equal("""{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}""", full.GetProperty("annotations").GetRawText());
        Assert.Equal("""[ {"src":"data:,"}]""", full.GetProperty("icons").GetRawText());
        Assert.Equal("""{"com.example/a":1}""", full.GetProperty("_meta").GetRawText());
        Assert.Equal("""{"name":"bare","inputSchema":{}}""", tools[1].GetRawText());
        Assert.Equal("""{"name":"hint","inputSchema":{},"annotations":{"openWorldHint":true}}""", tools[2].GetRawText());
    }

    [Fact]
    public async Task KeepsTheOrderInWhichToolsWereAdded()
    {
        McpToolHandler[] tools = [.. Enumerable.Range(0, 999).Select(static i => new DelegateTool($"t{(i * 7919) % 1000}", static _ => { }))];
        var server = TestServer.With(tools);
        await using var peer = TestPeer.Start(server);

        var listed = (await peer.AskAsync(Messages.Stateless("tools/list"))).Result().GetProperty("tools").EnumerateArray().Select(static tool => tool.GetProperty("name").GetString());

        Assert.Equal(["echo", .. tools.Select(static tool => tool.Definition.Name)], listed);
        Assert.Equal(["echo", .. tools.Select(static tool => tool.Definition.Name)], server.Tools.Select(static tool => tool.Name));
    }

    private sealed class Described(McpToolDefinition definition) : McpToolHandler(definition)
    {
        public override ValueTask InvokeAsync(McpCall call) => default;
    }
}
