using Microsoft.Extensions.DependencyInjection;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Injection;

namespace Peregrine.Server.Tools;

/// <summary>What a call has beside its message: a scope of services, what is to be disposed at its end, items. Made by the few calls that need one. Thread-safe.</summary>
internal sealed class CallState
{
    private readonly Lock _gate = new();
    private List<object>? _owned;
    private AsyncServiceScope? _scope;
    private bool _ended;

    /// <summary>What filters and the tool hand each other. Not thread-safe.</summary>
    internal IDictionary<object, object?> Items => field ??= new Dictionary<object, object?>();

    /// <summary>The services of the call: a scope of its own, where the server's services have scopes.</summary>
    internal IServiceProvider? GetServices(ServerServices services)
    {
        if (services.Scopes is not { } scopes)
        {
            return services.Provider;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(McpCall));
            return (_scope ??= scopes.CreateAsyncScope()).ServiceProvider;
        }
    }

    /// <summary>Has <paramref name="instance"/> disposed at the end, where it can be.</summary>
    internal void Own(object instance)
    {
        if (instance is IAsyncDisposable or IDisposable)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_ended, typeof(McpCall));
                (_owned ??= []).Add(instance);
            }
        }
    }

    /// <summary>Memory from the pool, given back at the end.</summary>
    internal PooledByteWriter Rent(int initialCapacity)
    {
        var writer = new PooledByteWriter(initialCapacity);
        Own(writer);
        return writer;
    }

    /// <summary>Disposes everything, what came last first, also where one of them fails; throws what the first that failed has thrown.</summary>
    internal async ValueTask EndAsync()
    {
        List<object> owned;
        lock (_gate)
        {
            owned = _owned ?? [];
            if (_scope is { } scope)
            {
                owned.Insert(0, scope);
            }

            (_owned, _scope, _ended) = (null, null, true);
        }

        Exception? failure = null;
        for (var i = owned.Count - 1; i >= 0; i--)
        {
            try
            {
                if (owned[i] is IAsyncDisposable asynchronous)
                {
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    ((IDisposable)owned[i]).Dispose();
                }
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
