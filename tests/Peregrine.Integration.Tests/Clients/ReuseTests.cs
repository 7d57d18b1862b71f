using System.Text;
using Peregrine.Client;
using Peregrine.Integration.Tests.Processes;
using Peregrine.Transport.Http;

namespace Peregrine.Integration.Tests.Clients;

/// <summary>How many sockets a client opens, counted where they are opened.</summary>
public sealed class ReuseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task More_than_99_of_100_requests_go_over_a_connection_that_is_open(int inFlight)
    {
        const int Calls = 4000;
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0");
        await using var client = await PeregrineClient.ConnectAsync(child.Endpoints[0]);
        var message = Encoding.UTF8.GetBytes("""{"message":"m"}""");
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = inFlight }, async (_, token) =>
        {
            using var result = await client.CallToolAsync("echo", message, progress: null, token);
            Assert.Equal("m", result.GetText());
        });
        var pool = Assert.IsType<HttpConnection>(client.Connection).Pool;
        Assert.InRange(pool.Opened, 1, Calls / 100);
    }
}
