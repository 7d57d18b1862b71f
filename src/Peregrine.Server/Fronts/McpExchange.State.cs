using System.Security.Claims;
using Peregrine.Server.Clients;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Fronts;

// What surrounds a call: who runs it, who called, what is to be let go at its end.
public abstract partial class McpExchange
{
    private CallState? _state;
    private McpClientInfo? _clientInfo;
    private bool _holdsState;

    /// <summary>What the call runs, once that is known.</summary>
    internal McpHandler? Handler { get; set; }

    /// <summary>What the handler has thrown, where it failed.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>Who called, where the host has authenticated callers; null where it has not.</summary>
    internal virtual ClaimsPrincipal? User => null;

    /// <summary>What the host knows of the connection, or of the request (HTTP), or null.</summary>
    internal virtual object? HostContext => null;

    /// <summary>Which program the client is, as this request (stateless era) or its <c>initialize</c> (session era) says; null where neither does.</summary>
    internal McpClientInfo? ClientInfo => _clientInfo ??= Session is { } session ? session.ClientInfo : McpClientInfo.Get(_envelope.ClientInfo.Of(Body.Span));

    /// <summary>True where the invoker must end the state: there is one, and nothing around the invocation does.</summary>
    internal bool MustEndState => Volatile.Read(ref _state) is not null && !_holdsState;

    /// <summary>The state of the call that is number <paramref name="generation"/>, made where there is none.</summary>
    internal CallState OpenState(int generation)
    {
        if (Volatile.Read(ref _state) is { } known)
        {
            Verify(generation);
            return known;
        }

        // Under the lock of Reset: a call that has ended leaves no state to the next one.
        lock (_cancelGate)
        {
            Verify(generation);
            return _state ??= new CallState();
        }
    }

    /// <summary>Says that what surrounds the invocation ends the state.</summary>
    internal void HoldState() => _holdsState = true;

    /// <summary>Uses what surrounds another exchange, which carries the same call and ends its state.</summary>
    internal void ShareState(McpExchange other)
    {
        if (Volatile.Read(ref other._state) is { } state)
        {
            _state = state;
            _holdsState = true;
        }
    }

    /// <summary>Lets go what the call had.</summary>
    internal ValueTask EndStateAsync()
    {
        _holdsState = false;
        return Interlocked.Exchange(ref _state, null) is { } state ? state.EndAsync() : default;
    }

    private void ForgetState()
    {
        _state = null;
        _clientInfo = null;
        _holdsState = false;
        Handler = null;
        Failure = null;
    }
}
