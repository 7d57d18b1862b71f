using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Server.Hosting;

internal sealed class PeregrineBuilder(IServiceCollection services, string name, string version) : IPeregrineBuilder
{
    private readonly List<Action<PeregrineServerBuilder>> _steps = [];

    public IServiceCollection Services { get; } = services;

    public string Name { get; } = name;

    public IPeregrineBuilder Configure(Action<PeregrineServerBuilder> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _steps.Add(step);
        return this;
    }

    internal PeregrineServer Build(IServiceProvider provider)
    {
        var builder = PeregrineServer.CreateBuilder(Name, version).UseServices(provider, Services);
        foreach (var step in _steps)
        {
            step(builder);
        }

        return builder.Build();
    }
}
