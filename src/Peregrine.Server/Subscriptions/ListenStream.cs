using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Subscriptions;

/// <summary>An open <c>subscriptions/listen</c> (2026-07-28, subscriptions): every message is tagged with the id of its request, whose type is preserved.</summary>
internal abstract class ListenStream(ListenRequest request) : Listener
{
    /// <inheritdoc/>
    internal sealed override bool IsStream => true;

    /// <summary>The request's raw id.</summary>
    internal byte[] Id { get; } = request.Id;

    internal SubscriptionHub Hub { get; } = request.Hub;

    /// <inheritdoc/>
    internal sealed override void Write(PooledByteWriter writer, PendingEvents what)
    {
        if (what == PendingEvents.KeepAlive)
        {
            WriteKeepAlive(writer);
            return;
        }

        BeginMessage(writer);
        switch (what)
        {
            case PendingEvents.EndNotice:
                ListenMessages.WriteEndNotice(writer, Id);
                break;
            case PendingEvents.End:
                ListenMessages.WriteResult(writer, Id, Hub.ServerInfo.Span);
                break;
            default:
                ListenMessages.WriteListChanged(writer, what, Id);
                break;
        }

        EndMessage(writer);
    }

    /// <inheritdoc/>
    internal sealed override void WriteUpdated(PooledByteWriter writer, UriTopic topic)
    {
        BeginMessage(writer);
        ListenMessages.WriteUpdated(writer, topic.Json, Id);
        EndMessage(writer);
    }

    /// <summary>Writes the first message.</summary>
    internal void WriteAcknowledged(PooledByteWriter writer, ListenRequest opening)
    {
        BeginMessage(writer);
        ListenMessages.WriteAcknowledged(writer, opening);
        EndMessage(writer);
    }

    /// <summary>Writes what stands before a message.</summary>
    protected virtual void BeginMessage(PooledByteWriter writer)
    {
    }

    /// <summary>Writes what stands behind a message.</summary>
    protected virtual void EndMessage(PooledByteWriter writer)
    {
    }

    /// <summary>Writes what keeps the connection alive, where something must.</summary>
    protected virtual void WriteKeepAlive(PooledByteWriter writer)
    {
    }
}
