using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// Where the tools of a class take their instance from: one for all calls, or, where the constructor takes services that live shorter than the server, one for each call. For generated code.
/// Thread-safe.
/// </summary>
/// <typeparam name="T">The class.</typeparam>
public sealed class ToolInstance<T>
    where T : class
{
    private readonly T? _single;
    private readonly Func<IServiceProvider?, object>? _activate;
    private readonly bool _owned;

    internal ToolInstance(T single) => _single = single;

    /// <summary>Makes an instance for each call.</summary>
    /// <param name="activate">Makes one from the call's services.</param>
    /// <param name="owned">True where the call disposes it; false where its maker does.</param>
    internal ToolInstance(Func<IServiceProvider?, object> activate, bool owned)
    {
        _activate = activate;
        _owned = owned;
    }

    /// <summary>The instance that runs <paramref name="call"/>; disposed at its end where it was made for it.</summary>
    public T For(McpCall call) => _single ?? Activate(call);

    private T Activate(McpCall call)
    {
        var instance = (T)_activate!(call.Services);
        if (_owned)
        {
            call.State.Own(instance);
        }

        return instance;
    }
}
