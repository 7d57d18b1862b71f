using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Server.Binding;

/// <summary>Takes the parameters of a tool class's constructor from the services, for generated code. No state.</summary>
public static class ToolServices
{
    /// <summary>The service that a parameter needs.</summary>
    /// <param name="services">Where to look, or null where the server has no services.</param>
    /// <param name="toolClass">The class that is being made, for the error.</param>
    /// <param name="parameter">The constructor's parameter, for the error.</param>
    /// <exception cref="InvalidOperationException">There are no services, or this one is not among them.</exception>
    public static T GetRequired<T>(IServiceProvider? services, Type toolClass, string parameter) =>
        services?.GetService(typeof(T)) is T service ? service : throw Missing<T>(services, toolClass, parameter, null);

    /// <summary>The service that a parameter would take, or <paramref name="fallback"/> where there is none.</summary>
    public static T GetOptional<T>(IServiceProvider? services, T fallback) => services?.GetService(typeof(T)) is T service ? service : fallback;

    /// <summary>The service that a parameter needs under a key.</summary>
    /// <inheritdoc cref="GetRequired{T}"/>
    public static T GetRequiredKeyed<T>(IServiceProvider? services, object? key, Type toolClass, string parameter) =>
        (services as IKeyedServiceProvider)?.GetKeyedService(typeof(T), key) is T service ? service : throw Missing<T>(services, toolClass, parameter, key);

    /// <summary>The service that a parameter would take under a key, or <paramref name="fallback"/> where there is none.</summary>
    public static T GetOptionalKeyed<T>(IServiceProvider? services, object? key, T fallback) =>
        (services as IKeyedServiceProvider)?.GetKeyedService(typeof(T), key) is T service ? service : fallback;

    /// <summary>The services themselves, for a constructor that takes them.</summary>
    /// <inheritdoc cref="GetRequired{T}"/>
    public static IServiceProvider GetProvider(IServiceProvider? services, Type toolClass, string parameter) =>
        services ?? throw Missing<IServiceProvider>(services, toolClass, parameter, null);

    /// <summary>The error for a class that generated code cannot make.</summary>
    /// <param name="toolClass">The class.</param>
    /// <param name="reason">Why not.</param>
    public static InvalidOperationException CannotCreate(Type toolClass, string reason) =>
        new($"{toolClass} cannot be made: {reason}. Make it yourself and pass it to AddTools(instance).");

    private static InvalidOperationException Missing<T>(IServiceProvider? services, Type toolClass, string parameter, object? key)
    {
        var under = key is null ? "" : $" under the key \"{key}\"";
        var reason = services is null
            ? "the server has no services; call UseServices(provider)"
            : $"no service of this type is registered{under}; register it";
        return new InvalidOperationException(
            $"{toolClass} cannot be made: its constructor's parameter \"{parameter}\" needs a {typeof(T)}, but {reason}, or pass a ready instance to AddTools(instance).");
    }
}
