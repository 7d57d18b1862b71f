using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Server.Hosting;

/// <summary>Registers servers in a container.</summary>
public static class PeregrineServiceCollectionExtensions
{
    /// <summary>Registers one server as a singleton.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The server's name, for programs.</param>
    /// <param name="version">The server's version.</param>
    public static IPeregrineBuilder AddPeregrine(this IServiceCollection services, string name, string version)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new PeregrineBuilder(services, name, version);
        services.AddSingleton(builder.Build);
        return builder;
    }

    /// <summary>Adds the tools of <typeparamref name="T"/>; its constructor's parameters come from the container.</summary>
    public static IPeregrineBuilder AddTools<T>(this IPeregrineBuilder builder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(static server => server.AddTools<T>());
    }
}
