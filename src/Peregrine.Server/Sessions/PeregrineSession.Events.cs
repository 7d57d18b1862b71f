using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.Sessions;

// What the client is told of changes.
public abstract partial class PeregrineSession
{
    private SessionListener? _listener;

    /// <summary>Who is told of changes in the name of this session; null until the client is ready, or has subscribed.</summary>
    internal SessionListener? Listener => Volatile.Read(ref _listener);

    /// <summary>Sets <see cref="Listener"/> where there is none yet.</summary>
    internal bool TrySetListener(SessionListener listener) => Interlocked.CompareExchange(ref _listener, listener, null) is null;

    /// <summary>
    /// Says that <see cref="TrySend"/>, which refused a message, would take one again: a stream was opened, or the client has caught up. What changed meanwhile is sent, each thing once.
    /// </summary>
    internal void NoteRoom() => Listener?.Resume();
}
