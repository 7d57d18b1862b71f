using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Hosting;

/// <summary>Servers in an application and its container.</summary>
public sealed class MappingTests
{
    [Fact]
    public async Task AServerOfTheContainerTakesItsToolsServicesFromIt()
    {
        await using var site = await TestSite.StartAsync(
            static app => app.MapPeregrine("/mcp"),
            static services => services.AddSingleton(new Greeting("Good morning")).AddPeregrine("greeter", "2.0").AddTools<GreetingTools>());

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("greet", """{"name":"Ann"}""")));

        Assert.Equal("Good morning, Ann", (await response.JsonAsync()).Text());
        Assert.Equal("greeter", site.Services.GetRequiredService<PeregrineServer>().Identity.Name);
    }

    [Fact]
    public async Task SeveralServersShareAnApplication()
    {
        static PeregrineServer Named(string name) =>
            PeregrineServer.CreateBuilder(name, "1").AddTool(new DelegateTool("who", call => call.ReturnText(name))).Build();
        await using var site = await TestSite.StartAsync(static app =>
        {
            app.MapPeregrine("/a", Named("a"));
            app.MapPeregrine("/b/mcp", Named("b"));
        });

        foreach (var (path, name) in new[] { ("/a", "a"), ("/b/mcp", "b") })
        {
            using var request = TestSite.Post(TestSite.SessionCall("who"));
            request.RequestUri = new Uri(path, UriKind.Relative);
            using var response = await site.Client.SendAsync(request);
            Assert.Equal(name, (await response.JsonAsync()).Text());
        }

        using var nowhere = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("who")));
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Fact]
    public async Task AToolSeesTheServicesOfItsRequest()
    {
        var seen = new HashSet<Scoped>();
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(new DelegateTool("scope", call =>
        {
            var first = (Scoped)call.Services!.GetService(typeof(Scoped))!;
            Assert.Same(first, call.Services!.GetService(typeof(Scoped)));
            lock (seen)
            {
                seen.Add(first);
            }

            call.ReturnNothing();
        })).Build();
        await using var site = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", server), static services => services.AddScoped<Scoped>());

        for (var i = 0; i < 3; i++)
        {
            using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("scope")));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task AMissingServiceIsNamed()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => TestSite.StartAsync(
            static app => app.MapPeregrine("/mcp"), static services => services.AddPeregrine("greeter", "2.0").AddTools<GreetingTools>()));

        Assert.Contains(nameof(Greeting), exception.Message, StringComparison.Ordinal);
    }

    private sealed class Scoped;
}
