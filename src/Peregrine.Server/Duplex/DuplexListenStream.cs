using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.Duplex;

/// <summary>A listen stream on a connection that it shares with calls and other streams.</summary>
internal sealed class DuplexListenStream(ListenRequest request, DuplexFront front) : ListenStream(request)
{
    /// <inheritdoc/>
    internal override bool CanSend => front.HasRoomForEvents();

    /// <inheritdoc/>
    internal override PendingEvents Ending => PendingEvents.EndNotice | PendingEvents.End;

    /// <inheritdoc/>
    internal override SendOutcome Send(ReadOnlyMemory<byte> messages)
    {
        front.SendEvent(messages.Span);
        return SendOutcome.Taken;
    }

    /// <inheritdoc/>
    internal override void Finish() => front.Leave(this);
}
