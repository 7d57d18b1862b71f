using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peregrine.Server.Filters;
using Peregrine.Server.Injection;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Hosting;

/// <summary>Registers servers in a container.</summary>
public static class PeregrineServiceCollectionExtensions
{
    /// <summary>
    /// Registers a server as a singleton, which is made when it is first needed. A container may have several: each is a service with its name as the key, and the only one is also one
    /// without a key.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The server's name, for programs; unique in the container.</param>
    /// <param name="version">The server's version.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static IPeregrineBuilder AddPeregrine(this IServiceCollection services, string name, string version)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ServerNames.Of(services).Add(name);
        var builder = new PeregrineBuilder(services, name, version);
        services.TryAddSingleton<ToolInstances>();
        services.AddKeyedSingleton(name, (provider, _) => builder.Build(provider));
        services.TryAddSingleton(static provider => provider.GetRequiredService<ServerNames>().Single(provider));
        return builder;
    }

    /// <summary>
    /// Adds the tools of <typeparamref name="T"/>; its constructor's parameters come from the container. Where one of them is scoped or transient each call has an instance of its own, else
    /// one serves all.
    /// </summary>
    public static IPeregrineBuilder AddTools<T>(this IPeregrineBuilder builder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(static server => server.AddTools<T>());
    }

    /// <summary>Has a filter surround calls of tools, in the order in which filters are added.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="filter">The filter; what it needs of the container it finds in the call's services.</param>
    /// <param name="appliesTo">Which tools it surrounds; null: all.</param>
    public static IPeregrineBuilder AddFilter(this IPeregrineBuilder builder, McpFilter filter, Func<McpToolDefinition, bool>? appliesTo = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.AddFilter(filter, appliesTo));
    }
}
