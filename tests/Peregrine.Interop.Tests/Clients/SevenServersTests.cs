using System.Text.Json;
using Peregrine.Client;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Servers;
using Peregrine.Protocol.Versions;

namespace Peregrine.Interop.Tests.Clients;

/// <summary>Servers of everybody behind one gateway: one list, and a call to each, from clients of both eras.</summary>
public sealed class SevenServersTests(SevenServersGateway servers) : IClassFixture<SevenServersGateway>
{
    public static TheoryData<string, string> Clients => McpClients.All;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task One_list_and_a_call_to_each(string client, string version)
    {
        var endpoint = servers.Gateway.Endpoint;
        var path = Path.Combine(servers.Files, Guid.NewGuid().ToString("N") + ".txt");

        var conversation = await McpClients.TalkAsync(
            client,
            McpAddress.Of(endpoint),
            ToolRequest.Of("everything_echo", ("message", "falcon \u2713")),
            ToolRequest.Of("files_write_file", ("path", path), ("content", "a feather")),
            ToolRequest.Of("files_read_text_file", ("path", path)),
            ToolRequest.Of("memory_create_entities", ("entities", Json("""[{"name":"falcon","entityType":"bird","observations":["fast"]}]"""))),
            ToolRequest.Of("memory_search_nodes", ("query", "falcon")),
            ToolRequest.Of("thinking_sequentialthinking", ("thought", "It dives."), ("nextThoughtNeeded", false), ("thoughtNumber", 1), ("totalThoughts", 1)),
            ToolRequest.Of("typescript_add", ("a", 2), ("b", 3)),
            ToolRequest.Of("typescript_region", ("region", "Østfold")),
            ToolRequest.Of("csharp_echo", ("message", "falcon \u2713")),
            ToolRequest.Of("ours_echo", ("message", "falcon \u2713")));

        Assert.Equal(version, conversation.Version);

        // One list, in the order of the configuration, nothing twice.
        Assert.Equal(conversation.Tools.Distinct(), conversation.Tools);
        Assert.Equal(SevenServersGateway.Names, conversation.Tools.Select(static tool => tool[..tool.IndexOf('_', StringComparison.Ordinal)]).Distinct());
        var replies = conversation.Replies;
        Assert.All(replies, static reply => Assert.False(reply.IsError || reply.ErrorCode is not null, reply.ToString()));
        Assert.Equal("Echo: falcon \u2713", replies[0].Text);
        Assert.Equal("a feather", await File.ReadAllTextAsync(path));
        Assert.Contains("a feather", replies[2].Text, StringComparison.Ordinal);
        Assert.Contains("fast", replies[4].Text, StringComparison.Ordinal);
        Assert.Contains("thoughtNumber", replies[5].Text, StringComparison.Ordinal);
        Assert.Equal(5, (int)replies[6].Result!["structuredContent"]!["sum"]!);
        Assert.Equal("Østfold", replies[7].Text);
        Assert.Equal("falcon \u2713", replies[8].Text);
        Assert.Equal("falcon \u2713", replies[9].Text);
    }

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Our_client_too_with_prompts_resources_and_completion(ProtocolEra era)
    {
        var endpoint = servers.Gateway.Endpoint;
        await using var clients = await PeregrineClients.ConnectAsync(options => PeregrineClient.ConnectAsync(endpoint, options), era);
        var client = clients.Client;

        Assert.Equal(SevenServersGateway.Names, (await client.ListToolsAsync()).Select(static tool => tool.Name[..tool.Name.IndexOf('_', StringComparison.Ordinal)]).Distinct());
        Assert.Contains("everything_simple-prompt", (await client.ListPromptsAsync()).Select(static prompt => prompt.Name));
        Assert.Contains("typescript_greet", (await client.ListPromptsAsync()).Select(static prompt => prompt.Name));
        using (var prompt = await client.GetPromptAsync("typescript_greet", new Dictionary<string, string> { ["name"] = "Ada" }))
        {
            Assert.Contains("Greet Ada.", prompt.Messages[0].Content.Text, StringComparison.Ordinal);
        }

        using (var text = await client.ReadResourceAsync("test://watched"))
        {
            Assert.Equal("watched text", text.GetText());
        }

        using (var text = await client.ReadResourceAsync("demo://resource/dynamic/text/7"))
        {
            Assert.Contains("7", text.GetText(), StringComparison.Ordinal);
        }

        foreach (var (tool, arguments) in new[]
        {
            ("everything_get-sum", """{"a":2,"b":3}"""), ("files_list_allowed_directories", "{}"), ("memory_read_graph", "{}"), ("typescript_echo", """{"message":"x"}"""),
            ("csharp_add", """{"a":2,"b":3}"""), ("ours_add", """{"a":2,"b":3}"""),
        })
        {
            Assert.NotEmpty(await clients.CallAsync(tool, arguments));
        }
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
