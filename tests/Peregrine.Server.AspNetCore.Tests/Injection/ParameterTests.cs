using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Hosting;
using Peregrine.Testing;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>Services that tools' methods take.</summary>
public sealed class ParameterTests
{
    [Fact]
    public async Task OnlyAScopedServiceNeedsAScope()
    {
        var unit = new Unit();
        await using var services = new ServiceCollection()
            .AddSingleton(_ => unit)
            .AddKeyedSingleton("night", "Good night")
            .AddKeyedScoped("day", static (services, _) => new UnitOfWork(services.GetRequiredService<Unit>()))
            .AddPeregrine("test", "1").AddTools<ParameterTools>().Services.BuildServiceProvider(validateScopes: true);
        await using var app = await McpTest.ForAsync(services.GetRequiredService<PeregrineServer>());

        Assert.Equal("Good night, Ada", await app.CallTextAsync("greet", """{"name":"Ada"}"""));
        Assert.Empty(unit.Log);
        Assert.Equal("1 True", await app.CallTextAsync("labour"));
        Assert.Equal("2 True", await app.CallTextAsync("labour"));
        Assert.Equal(["work 1", "work 2"], unit.Log);
    }

    [Fact]
    public async Task AMissingServiceIsNamedWhenTheServerIsBuilt()
    {
        var collection = new ServiceCollection();
        collection.AddPeregrine("test", "1").AddTools<ParameterTools>();
        await using var services = collection.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<PeregrineServer>());

        Assert.Contains("The tool \"greet\" cannot be called: its parameter \"greeting\" needs a System.String, but no service of this type is registered under the key \"night\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("The tool \"labour\" cannot be called: its parameter \"work\"", exception.Message, StringComparison.Ordinal);
    }
}
