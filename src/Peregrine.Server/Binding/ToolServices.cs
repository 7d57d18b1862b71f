using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>Takes the parameters of tool classes' constructors and of tools' methods from the services, for generated code. No state.</summary>
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
    /// <inheritdoc cref="GetRequired{T}(IServiceProvider?, Type, string)"/>
    public static T GetRequiredKeyed<T>(IServiceProvider? services, object? key, Type toolClass, string parameter) =>
        (services as IKeyedServiceProvider)?.GetKeyedService(typeof(T), key) is T service ? service : throw Missing<T>(services, toolClass, parameter, key);

    /// <summary>The service that a parameter would take under a key, or <paramref name="fallback"/> where there is none.</summary>
    public static T GetOptionalKeyed<T>(IServiceProvider? services, object? key, T fallback) =>
        (services as IKeyedServiceProvider)?.GetKeyedService(typeof(T), key) is T service ? service : fallback;

    /// <summary>The services themselves, for a constructor that takes them.</summary>
    /// <inheritdoc cref="GetRequired{T}(IServiceProvider?, Type, string)"/>
    public static IServiceProvider GetProvider(IServiceProvider? services, Type toolClass, string parameter) =>
        services ?? throw Missing<IServiceProvider>(services, toolClass, parameter, null);

    /// <summary>The error for a class that generated code cannot make.</summary>
    /// <param name="toolClass">The class.</param>
    /// <param name="reason">Why not.</param>
    public static InvalidOperationException CannotCreate(Type toolClass, string reason) =>
        new($"{toolClass} cannot be made: {reason}. Make it yourself and pass it to AddTools(instance).");

    /// <summary>The service that a parameter of a tool's method needs, from the call's services.</summary>
    /// <param name="call">The call.</param>
    /// <param name="parameter">The parameter, for the error.</param>
    /// <exception cref="InvalidOperationException">There are no services, or this one is not among them.</exception>
    public static T GetRequired<T>(McpCall call, string parameter) => Find(call, typeof(T), null) is T service ? service : throw MissingForCall<T>(call, parameter, null);

    /// <summary>The service that a parameter of a tool's method would take, or <paramref name="fallback"/> where there is none.</summary>
    public static T GetOptional<T>(McpCall call, T fallback) => Find(call, typeof(T), null) is T service ? service : fallback;

    /// <summary>The service that a parameter of a tool's method needs under a key.</summary>
    /// <inheritdoc cref="GetRequired{T}(McpCall, string)"/>
    public static T GetRequiredKeyed<T>(McpCall call, object? key, string parameter) =>
        Find(call, typeof(T), key) is T service ? service : throw MissingForCall<T>(call, parameter, key);

    /// <summary>The service that a parameter of a tool's method would take under a key, or <paramref name="fallback"/> where there is none.</summary>
    public static T GetOptionalKeyed<T>(McpCall call, object? key, T fallback) => Find(call, typeof(T), key) is T service ? service : fallback;

    /// <summary>Why a class or a method cannot have the service that it needs.</summary>
    internal static string MissingText(Type? toolClass, ToolDependency dependency, bool hasServices)
    {
        var under = dependency.Key is null ? "" : $" under the key \"{dependency.Key}\"";
        var reason = hasServices ? $"no service of this type is registered{under}; register it" : "the server has no services; call UseServices(provider)";
        return dependency.Tool is { } tool
            ? $"The tool \"{tool}\" cannot be called: its parameter \"{dependency.Parameter}\" needs a {dependency.ServiceType}, but {reason}."
            : $"{toolClass} cannot be made: its constructor's parameter \"{dependency.Parameter}\" needs a {dependency.ServiceType}, but {reason}, or pass a ready instance to AddTools(instance).";
    }

    // What lives as long as the server is taken from the server's services: a call needs no scope for it.
    private static object? Find(McpCall call, Type type, object? key)
    {
        var services = call.Server.Injection;
        var provider = services.IsPerCall(type, key) ? call.Services : services.Provider;
        return type == typeof(IServiceProvider) ? provider
            : key is null ? provider?.GetService(type) : (provider as IKeyedServiceProvider)?.GetKeyedService(type, key);
    }

    private static InvalidOperationException MissingForCall<T>(McpCall call, string parameter, object? key) =>
        new(MissingText(null, new ToolDependency(typeof(T), parameter, key, Tool: call.Name), call.Server.Injection.Provider is not null));

    private static InvalidOperationException Missing<T>(IServiceProvider? services, Type toolClass, string parameter, object? key) =>
        new(MissingText(toolClass, new ToolDependency(typeof(T), parameter, key), services is not null));
}
