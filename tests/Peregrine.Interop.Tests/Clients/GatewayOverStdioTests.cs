using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Clients;

[Collection(TwoServersCollection.Name)]
public sealed class GatewayOverStdioTests(TwoServersGateway servers)
{
    public static TheoryData<string, string> Clients => McpClients.All;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task The_gateway_is_a_stdio_server_too(string client, string version)
    {
        NpmPackages.Require();
        using var folder = new TemporaryFolder();
        var gateway = McpAddress.Of(Programs.Peregrine, "up", "--stdio", "--config", folder.Write("gateway.json", servers.Configuration));
        var conversation = await McpClients.TalkAsync(client, gateway, GatewayConversation.Calls);
        GatewayConversation.Judge(conversation, version);
    }
}
