using System.Reflection;

namespace Peregrine.Server.Hosting;

/// <summary>Adds classes to a server in a container that are not named as type arguments.</summary>
public static class PeregrineClassExtensions
{
    /// <inheritdoc cref="PeregrineServerBuilder.AddTools(Type)"/>
    public static IPeregrineBuilder AddTools(this IPeregrineBuilder builder, Type toolClass)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.AddTools(toolClass));
    }

    /// <inheritdoc cref="PeregrineServerBuilder.AddToolsFrom"/>
    public static IPeregrineBuilder AddToolsFrom(this IPeregrineBuilder builder, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.AddToolsFrom(assembly));
    }
}
