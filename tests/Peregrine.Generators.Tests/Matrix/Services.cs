using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Generators.Tests.Matrix;

/// <summary>A container of two services.</summary>
internal sealed class Services(Dependency? plain, Dependency? special) : IKeyedServiceProvider
{
    public object? GetService(Type serviceType) => serviceType == typeof(Dependency) ? plain : null;

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        serviceType == typeof(Dependency) && Equals(serviceKey, "special") ? special : null;

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetKeyedService(serviceType, serviceKey) ?? throw new InvalidOperationException("There is no such service.");
}
