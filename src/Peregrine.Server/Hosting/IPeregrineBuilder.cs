using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Server.Hosting;

/// <summary>Describes a server within a container. Made by <c>AddPeregrine</c>.</summary>
public interface IPeregrineBuilder
{
    /// <summary>The container's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The server's name, by which the container's servers are told apart.</summary>
    string Name { get; }

    /// <summary>Adds a step to the description; steps run in order when the server is first needed.</summary>
    IPeregrineBuilder Configure(Action<PeregrineServerBuilder> step);
}
