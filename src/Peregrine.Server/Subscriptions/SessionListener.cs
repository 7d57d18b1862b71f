using Peregrine.Protocol.Buffers;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Subscriptions;

/// <summary>A client of the session era: it hears of every list that the server offers, without asking, and of the resources it has subscribed to.</summary>
internal sealed class SessionListener(PeregrineSession session, SubscriptionHub hub) : Listener
{
    private volatile bool _isInitialized;

    /// <inheritdoc/>
    internal override bool IsStream => false;

    /// <summary>False until the client has sent <c>notifications/initialized</c>: before, it is told nothing (lifecycle, initialization).</summary>
    internal override bool CanSend => _isInitialized;

    internal bool IsInitialized => _isInitialized;

    internal void NoteInitialized() => _isInitialized = true;

    internal void Resume() => hub.Resume(this);

    internal void Close() => hub.Close(this);

    /// <inheritdoc/>
    internal override void Write(PooledByteWriter writer, PendingEvents what) => ListenMessages.WriteListChanged(writer, what, default);

    /// <inheritdoc/>
    internal override void WriteUpdated(PooledByteWriter writer, UriTopic topic) => ListenMessages.WriteUpdated(writer, topic.Json, default);

    /// <inheritdoc/>
    internal override SendOutcome Send(ReadOnlyMemory<byte> messages) => session.TrySend(messages.Span) ? SendOutcome.Taken : SendOutcome.Refused;
}
