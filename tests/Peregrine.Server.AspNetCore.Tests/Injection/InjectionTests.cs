using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;
using Peregrine.Testing;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>How tools get their services.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task EachCallOfAToolThatNeedsOneHasAScope()
    {
        var unit = new Unit();
        await using var services = Services(unit);
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        Assert.Equal("1", await app.CallTextAsync("numbers"));
        Assert.Equal("2", await app.CallTextAsync("numbers"));

        Assert.Equal(["tools of 1", "work 1", "tools of 2", "work 2"], unit.Log);
    }

    [Fact]
    public async Task AToolThatNeedsNoneHasNone()
    {
        var unit = new Unit();
        await using (var services = Services(unit))
        {
            await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());
            Assert.Equal("good night 1 of 1", await app.CallTextAsync("count"));
            Assert.Equal("good night 2 of 1", await app.CallTextAsync("count"));
            Assert.Empty(unit.Log);
        }

        Assert.Equal(0, unit.Works);
        Assert.Equal(["lasting tools"], unit.Log);
    }

    [Fact]
    public async Task TheScopeEndsBeforeAFailureIsSentToo()
    {
        var unit = new Unit();
        await using var services = Services(unit);
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("fail"));

        Assert.Contains("work 1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["tools of 1", "work 1"], unit.Log);
    }

    [Fact]
    public async Task AScopeThatCannotBeEndedIsAFailureOfTheCall()
    {
        var unit = new Unit();
        await using var services = Services(unit);
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("spoil"));

        Assert.Contains("The tool \"spoil\" failed.", exception.Message, StringComparison.Ordinal);
        Assert.Equal("2", await app.CallTextAsync("numbers"));
    }

    [Fact]
    public async Task OverHttpTheScopeIsThatOfTheRequest()
    {
        var unit = new Unit();
        await using var site = await TestSite.StartAsync(
            static app => app.MapPeregrine("/mcp"),
            services => Describe(services, unit).Configure(static server => server.AddTool(new DelegateTool("request", static call =>
                call.ReturnText(ReferenceEquals(call.Services, call.HttpContext()!.RequestServices) ? "the same" : "another")))));

        using (var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("numbers"))))
        {
            Assert.Equal("1", (await response.JsonAsync()).Text());
        }

        using var other = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("request")));
        Assert.Equal("the same", (await other.JsonAsync()).Text());
        Assert.Equal(1, unit.Works);
    }

    [Fact]
    public async Task AClassThatIsRegisteredIsMadeAsItIsRegistered()
    {
        var unit = new Unit();
        var collection = new ServiceCollection();
        Describe(collection, unit);
        collection.AddSingleton<LastingTools>(static services => new LastingTools(services.GetRequiredService<Unit>(), "own", []));
        await using var services = collection.BuildServiceProvider(validateScopes: true);
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        Assert.Equal("own 1 of 0", await app.CallTextAsync("count"));
    }

    [Fact]
    public async Task EveryServiceThatIsMissingIsNamed()
    {
        var collection = new ServiceCollection();
        collection.AddPeregrine("test", "1").AddTools<ScopedTools>().AddTools<LastingTools>();
        await using var services = collection.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<PeregrineServer>());

        Assert.Contains("its constructor's parameter \"work\" needs a Peregrine.Server.AspNetCore.Tests.Injection.UnitOfWork", exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"greeting\" needs a System.String, but no service of this type is registered under the key \"night\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADelegateThatLooksAtTheServicesHasAScopeOfItsOwn()
    {
        var unit = new Unit();
        await using var services = Services(unit, static server => server.AddTool(new DelegateTool("look", static async call =>
        {
            var first = call.Services!.GetRequiredService<UnitOfWork>();
            await Task.Yield();
            Assert.Same(first, call.Services!.GetRequiredService<UnitOfWork>());
            call.ReturnText("looked");
        })));
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        Assert.Equal("looked", await app.CallTextAsync("look"));

        Assert.Equal(["work 1"], unit.Log);
    }

    [Fact]
    public async Task WhatACallRentsIsGivenBack()
    {
        McpCall kept = default;
        await using var services = Services(new Unit(), server => server.AddTool(new DelegateTool("rent", call =>
        {
            kept = call;
            var writer = call.RentWriter();
            writer.GetSpan(3)[0] = (byte)'x';
            writer.Advance(1);
            call.ReturnText("rented");
        })));
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        Assert.Equal("rented", await app.CallTextAsync("rent"));
        Assert.Throws<ObjectDisposedException>(() => kept.RentWriter());
    }

    private static ServiceProvider Services(Unit unit, Action<PeregrineServerBuilder>? more = null)
    {
        var services = new ServiceCollection();
        var builder = Describe(services, unit);
        if (more is not null)
        {
            builder.Configure(more);
        }

        return services.BuildServiceProvider(validateScopes: true);
    }

    private static IPeregrineBuilder Describe(IServiceCollection services, Unit unit) => services
        .AddSingleton(_ => unit)
        .AddScoped<UnitOfWork>()
        .AddKeyedSingleton("night", "good night")
        .AddPeregrine("test", "1.0").AddTools<ScopedTools>().AddTools<LastingTools>();
}
