using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Hosting;
using Peregrine.Testing;

namespace Peregrine.Server.AspNetCore.Tests.Hosting;

/// <summary>Several servers of one container.</summary>
public sealed class SeveralServersTests
{
    [Fact]
    public async Task EachIsMappedByItsName()
    {
        await using var site = await TestSite.StartAsync(
            static app =>
            {
                app.MapPeregrine("/a", "a");
                app.MapPeregrine("/b", "b");
            },
            static services => Add(services, "a", "b"));

        foreach (var name in new[] { "a", "b" })
        {
            using var request = TestSite.Post(TestSite.SessionCall("who"));
            request.RequestUri = new Uri("/" + name, UriKind.Relative);
            using var response = await site.Client.SendAsync(request);
            Assert.Equal(name, (await response.JsonAsync()).Text());
            Assert.Equal(name, site.Services.GetRequiredKeyedService<PeregrineServer>(name).Identity.Name);
        }
    }

    [Fact]
    public async Task WhichOneIsMeantMustBeSaid()
    {
        var none = await Assert.ThrowsAsync<InvalidOperationException>(() => TestSite.StartAsync(static app => app.MapPeregrine("/mcp"), static services => Add(services, "a", "b")));
        Assert.Contains("The container has 2 servers, \"a\", \"b\"", none.Message, StringComparison.Ordinal);

        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => TestSite.StartAsync(static app => app.MapPeregrine("/mcp", "c"), static services => Add(services, "a", "b")));
        Assert.Contains("There is no server named \"c\"; AddPeregrine has added \"a\", \"b\".", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameIsTakenOnce() => Assert.Throws<ArgumentException>(static () => Add(new ServiceCollection(), "a", "a"));

    [Fact]
    public async Task AnApplicationUnderTestIsReachedThroughItsHandler()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        Add(builder.Services, "a");
        await using var application = builder.Build();
        application.MapPeregrine("/tools");
        await application.StartAsync(TestContext.Current.CancellationToken);

        await using var app = await McpTest.ForAsync(application.GetTestServer().CreateHandler(), "/tools");

        Assert.Equal("a", await app.CallTextAsync("who"));
    }

    private static void Add(IServiceCollection services, params string[] names)
    {
        foreach (var name in names)
        {
            services.AddPeregrine(name, "1").Configure(server => server.AddTool(new DelegateTool("who", call => call.ReturnText(name))));
        }
    }
}
