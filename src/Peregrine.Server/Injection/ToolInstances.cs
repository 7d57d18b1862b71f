using Peregrine.Server.Tools;

namespace Peregrine.Server.Injection;

/// <summary>The instances of tool classes that live as long as their container, which disposes this at its end. Thread-safe.</summary>
internal sealed class ToolInstances : IAsyncDisposable
{
    private readonly CallState _instances = new();

    internal void Add(object instance) => _instances.Own(instance);

    public ValueTask DisposeAsync() => _instances.EndAsync();
}
