using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>Many streams on one connection of HTTP/2.</summary>
public sealed class Http2ListenTests
{
    [Fact]
    public async Task StreamsShareAConnectionAndEndOneByOne()
    {
        var server = Listening.Server();
        await using var site = await TestSite.StartAsync(
            app => app.MapPeregrine("/mcp", server),
            static services => services.Configure<KestrelServerOptions>(static options => options.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        site.Client.DefaultRequestVersion = HttpVersion.Version20;
        site.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        List<Listening> streams = [];
        for (var i = 0; i < 50; i++)
        {
            streams.Add(await Listening.OpenAsync(site, """{"resourceSubscriptions":["test://a"]}""", $"{i}"));
        }

        server.NotifyResourceUpdated("test://a");
        foreach (var (i, stream) in streams.Index())
        {
            var message = await stream.NextAsync();
            Assert.Equal(i, message.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32());
        }

        streams.Take(25).ToList().ForEach(static stream => stream.Dispose());
        await Waiting.UntilAsync(() => server.OpenSubscriptions == 25);
        await server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);
        foreach (var stream in streams.Skip(25))
        {
            Assert.True((await stream.NextAsync()).TryGetProperty("result", out _));
            Assert.Null(await stream.TryNextAsync());
            stream.Dispose();
        }

        Assert.Empty(site.Log.All);
    }
}
