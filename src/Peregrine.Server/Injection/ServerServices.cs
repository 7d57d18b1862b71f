using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Binding;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Injection;

/// <summary>
/// The services of one server, and how long each lives, by what was registered: only a tool that takes one which lives shorter than the server needs a scope for its calls. Thread-safe.
/// </summary>
internal sealed class ServerServices
{
    private readonly ConcurrentDictionary<(Type Type, object? Key), bool>? _perCall;
    private readonly IServiceCollection? _registered;

    /// <summary>No services. Apart from the other, which loads the assembly of dependency injection.</summary>
    internal ServerServices()
    {
    }

    /// <summary>Takes services.</summary>
    /// <param name="provider">The services; null for none.</param>
    /// <param name="registered">What was registered to make them; null where that is not known.</param>
    internal ServerServices(IServiceProvider? provider, IServiceCollection? registered)
    {
        Provider = provider;
        Scopes = (IServiceScopeFactory?)provider?.GetService(typeof(IServiceScopeFactory));
        _registered = registered;
        _perCall = registered is null ? null : new();
    }

    /// <summary>The services that live as long as the server.</summary>
    internal IServiceProvider? Provider { get; }

    /// <summary>Makes scopes; null where the services have none.</summary>
    internal IServiceScopeFactory? Scopes { get; }

    /// <summary>The prompts of the classes whose tools were made.</summary>
    internal List<McpPromptHandler> Prompts { get; } = [];

    /// <summary>Their resources.</summary>
    internal List<McpResourceHandler> Resources { get; } = [];

    /// <summary>Their families of resources.</summary>
    internal List<McpResourceTemplateHandler> Templates { get; } = [];

    /// <summary>True where a service is to be taken from the services of the call: it is scoped or transient, or it is not known what it is.</summary>
    internal bool IsPerCall(Type type, object? key) =>
        _registered is null || _perCall!.GetOrAdd((type, key), static (service, registered) => IsPerCall(registered, service.Type, service.Key), _registered);

    /// <summary>Makes the tools of a class.</summary>
    /// <param name="set">What the generator knows of it.</param>
    /// <param name="faults">Receives what is missing, in words; there are no tools then.</param>
    internal McpToolHandler[] Create<T>(GeneratedToolSet set, List<string> faults)
        where T : class
    {
        var isRegistered = set.Activate is not null && _registered?.Any(static service => service.ServiceType == typeof(T) && service.ServiceKey is null) == true;
        string[] missing = [.. set.Dependencies.Where(service => IsMissing(service, isRegistered)).Select(service => ToolServices.MissingText(typeof(T), service, Provider is not null))];
        if (missing.Length > 0)
        {
            faults.AddRange(missing);
            return [];
        }

        if (set.Activate is not { } activate)
        {
            return Make(set, null);
        }

        if (isRegistered)
        {
            // Who registers the class itself has said how long an instance lives, and the container disposes it.
            return Make(set, IsPerCall(typeof(T), null)
                ? new ToolInstance<T>(static services => services!.GetRequiredService<T>(), owned: false)
                : new ToolInstance<T>(Provider!.GetRequiredService<T>()));
        }

        // Where nothing is known of lifetimes one instance serves all, as for a class that takes no services.
        if (_registered is not null && set.Dependencies.Any(service => service.Tool is null && IsPerCall(service.ServiceType, service.Key)))
        {
            return Make(set, new ToolInstance<T>(activate, owned: true));
        }

        var instance = (T)activate(Provider);
        ((ToolInstances?)Provider?.GetService(typeof(ToolInstances)))?.Add(instance);
        return Make(set, new ToolInstance<T>(instance));
    }

    /// <summary>Makes the tools of a class for an instance, notes that their binders judge the arguments, and keeps what else the class has.</summary>
    internal McpToolHandler[] Make(GeneratedToolSet set, object? instance)
    {
        var tools = set.Create(instance);
        foreach (var tool in tools)
        {
            tool.BindsArguments = true;
        }

        if (set.Prompts is { } prompts)
        {
            Prompts.AddRange(prompts(instance));
        }

        if (set.Resources is { } resources)
        {
            Resources.AddRange(resources(instance));
        }

        if (set.Templates is { } templates)
        {
            Templates.AddRange(templates(instance));
        }

        return tools;
    }

    private bool IsMissing(ToolDependency service, bool classIsRegistered)
    {
        if (!service.IsRequired || (classIsRegistered && service.Tool is null))
        {
            return false;
        }

        if (Provider is null)
        {
            return true;
        }

        if (service.ServiceType == typeof(IServiceProvider))
        {
            return false;
        }

        // Containers that cannot be asked say so when the service is taken.
        return service.Key is null
            ? Provider.GetService(typeof(IServiceProviderIsService)) is IServiceProviderIsService known && !known.IsService(service.ServiceType)
            : Provider.GetService(typeof(IServiceProviderIsKeyedService)) is IServiceProviderIsKeyedService keyed && !keyed.IsKeyedService(service.ServiceType, service.Key);
    }

    private static bool IsPerCall(IServiceCollection registered, Type type, object? key)
    {
        if (type == typeof(IServiceProvider))
        {
            return true;
        }

        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        {
            var element = type.GenericTypeArguments[0];
            return registered.Any(service => Provides(service, element, key) && service.Lifetime != ServiceLifetime.Singleton);
        }

        // The last one counts, as in the container.
        return registered.LastOrDefault(service => Provides(service, type, key)) is { Lifetime: not ServiceLifetime.Singleton };
    }

    private static bool Provides(ServiceDescriptor service, Type type, object? key) =>
        (Equals(service.ServiceKey, key) || (key is not null && Equals(service.ServiceKey, KeyedService.AnyKey)))
        && (service.ServiceType == type || (type.IsConstructedGenericType && service.ServiceType == type.GetGenericTypeDefinition()));
}
