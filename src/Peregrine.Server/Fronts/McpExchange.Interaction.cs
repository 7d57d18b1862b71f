using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.State;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Fronts;

// What the call asks its client.
public abstract partial class McpExchange
{
    private CallInteraction? _interaction;
    private int _logged;

    /// <summary>Who called, where the front authenticates callers; null for an anonymous one.</summary>
    internal virtual string? Principal => null;

    /// <summary>True where messages ahead of the reply can reach the caller.</summary>
    internal virtual bool CanSendMessages => true;

    /// <summary>What the call has asked and has done once; null as long as it did neither.</summary>
    internal CallInteraction? Interaction => Volatile.Read(ref _interaction);

    /// <summary>The same, made where there is none.</summary>
    /// <exception cref="ObjectDisposedException">The call that is number <paramref name="generation"/> has ended.</exception>
    internal CallInteraction OpenInteraction(int generation, RequestStateSealer sealer)
    {
        // Under the lock of Reset: the body stays this call's while it is read.
        lock (_cancelGate)
        {
            Verify(generation);
            return _interaction ??= new CallInteraction(this, sealer);
        }
    }

    /// <summary>The least severe log messages that are wanted of the call that is number <paramref name="generation"/>; null where none are, or it has ended.</summary>
    internal McpLogLevel? WantedLogLevel(int generation)
    {
        lock (_cancelGate)
        {
            return generation == _generation ? LogMessages.Wanted(this) : null;
        }
    }

    /// <summary>Counts a log message of the call.</summary>
    /// <returns>How many there were, with this one.</returns>
    internal int CountLogged() => Interlocked.Increment(ref _logged);

    private void ForgetInteraction()
    {
        _interaction = null;
        _logged = 0;
    }
}
