using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Serving;

namespace Peregrine.Gateway.Tests.Upstreams;

public sealed class SocketReuseTests
{
    private const int Callers = 8;
    private const int CallsPerCaller = 250;

    [Theory]
    [InlineData("session", false)]
    [InlineData("stateless", true)]
    [InlineData("session", true)]
    public async Task More_than_99_of_100_calls_find_a_connection_to_their_server_open(string era, bool stateless)
    {
        await using var server = await HttpServer.StartAsync(new DelegateTool("hello", static call =>
        {
            call.ReturnText("hi");
            return default;
        }));
        await using var gateway = await server.StartGatewayAsync(era);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var i = 0; i < CallsPerCaller; i++)
            {
                const string Call = """{"name":"hello","arguments":{}}""";
                Assert.Contains("\"hi\"", stateless ? await gateway.StatelessAsync("tools/call", Call) : await gateway.SessionAsync("tools/call", Call), StringComparison.Ordinal);
            }
        }));

        Assert.True(server.Requests >= Callers * CallsPerCaller);
        Assert.True(server.Connections < 0.01 * server.Requests, $"{server.Requests} requests came on {server.Connections} connections");

        // The gateway says the same of itself.
        var sockets = JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["upstreams"]![0]!["sockets"]!;
        Assert.InRange((long)sockets["requests"]!, Callers * CallsPerCaller, server.Requests);
        Assert.InRange((long)sockets["opened"]!, 1, server.Connections + 1);
        Assert.InRange((long)sockets["open"]!, 1, (long)sockets["opened"]!);
        Assert.Equal(0, (long)sockets["exhausted"]!);
    }
}
