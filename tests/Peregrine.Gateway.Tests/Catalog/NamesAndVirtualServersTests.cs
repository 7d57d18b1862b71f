using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Catalog;

/// <summary>What tools are called behind the gateway, and which are offered where.</summary>
public sealed class NamesAndVirtualServersTests
{
    [Fact]
    public async Task A_renamed_tool_is_listed_and_called_by_its_new_name_and_a_hidden_one_not_at_all()
    {
        await using var gateway = await RunningGateway.StartAsync(
            $$"""{"mcpServers": {{Servers("a", "b")}}, "peregrine": { "servers": { "a": { "rename": { "echo": "say" }, "hide": [ "p*", "die" ] } } } }""");

        var tools = await ToolsAsync(gateway, "/mcp");

        Assert.Contains("say", tools);
        Assert.DoesNotContain("a_echo", tools);
        Assert.DoesNotContain("a_pid", tools);
        Assert.DoesNotContain("a_progress", tools);
        Assert.DoesNotContain("a_die", tools);
        Assert.Contains("b_pid", tools);
        Assert.Equal("hello", await gateway.CallTextAsync("say", """{"message":"hello"}"""));
        Assert.Contains("Unknown tool", await gateway.SessionAsync("tools/call", """{"name":"a_pid"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_server_has_what_it_names_and_refuses_the_rest()
    {
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            {"mcpServers": {{Servers("a", "b")}}, "peregrine": { "virtualServers": { "only-a": { "servers": ["a"] }, "echoes": { "tools": ["a_echo", "b_ec*"] } } } }
            """);

        Assert.All(await ToolsAsync(gateway, "/mcp/only-a"), static tool => Assert.StartsWith("a_", tool, StringComparison.Ordinal));
        Assert.Equal(["a_echo", "b_echo"], await ToolsAsync(gateway, "/mcp/echoes"));
        Assert.Contains("b_pid", await ToolsAsync(gateway, "/mcp"));
        Assert.Contains("Unknown tool", await gateway.SessionAsync("tools/call", """{"name":"b_pid"}""", path: "/mcp/echoes"), StringComparison.Ordinal);
        Assert.Contains("here", await gateway.SessionAsync("tools/call", """{"name":"b_echo","arguments":{"message":"here"}}""", path: "/mcp/echoes"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_virtual_servers_is_said_all_at_once()
    {
        var text = """
            {
              "mcpServers": { "docs": { "command": "x" } },
              "peregrine": { "virtualServers": {
                "a/b": {},
                "dev": { "servers": ["dosc"], "tols": [] },
                "bad": 7
              } }
            }
            """;

        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "test.json", static _ => null);

        Assert.Equal([4, 5, 5, 6], read.Errors.Select(static error => error.Line));
        Assert.Contains(read.Errors, static error => error.ToString().Contains("Did you mean \"docs\"?", StringComparison.Ordinal));
    }

    private static string Servers(params string[] names) => "{" + string.Join(',', names.Select(static name => $"\"{name}\":{{{RunningGateway.Server("")}}}")) + "}";

    private static async Task<string[]> ToolsAsync(RunningGateway gateway, string path) =>
        [.. JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}", path: path))!["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];
}
