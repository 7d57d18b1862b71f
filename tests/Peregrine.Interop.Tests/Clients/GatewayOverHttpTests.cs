using Peregrine.Interop.Tests.Counterparts;

namespace Peregrine.Interop.Tests.Clients;

[Collection(TwoServersCollection.Name)]
public sealed class GatewayOverHttpTests(TwoServersGateway servers)
{
    public static TheoryData<string, string> Clients => McpClients.All;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Both_servers_are_one_list_and_calls_reach_each(string client, string version)
    {
        var conversation = await McpClients.TalkAsync(client, McpAddress.Of(servers.Gateway.Endpoint), GatewayConversation.Calls);
        GatewayConversation.Judge(conversation, version);
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task The_inspector_lists_and_calls_tools_of_both(string era)
    {
        var list = await Inspector.AskAsync(servers.Gateway.Endpoint, era, "--method", "tools/list");
        var names = list["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!).ToList();
        Assert.Contains("everything_echo", names);
        Assert.Contains("official_echo", names);

        foreach (var (tool, expected) in new[] { ("everything_echo", "Echo: hello"), ("official_echo", "hello") })
        {
            var result = await Inspector.AskAsync(servers.Gateway.Endpoint, era, "--method", "tools/call", "--tool-name", tool, "--tool-arg", "message=hello");
            Assert.Equal(expected, (string)result["content"]![0]!["text"]!);
        }
    }
}
