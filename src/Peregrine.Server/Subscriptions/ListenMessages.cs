using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Subscriptions;

/// <summary>Writes the messages of subscriptions. Parts named raw are JSON already and copied as they are.</summary>
internal static class ListenMessages
{
    private static ReadOnlySpan<byte> Notification => "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/"u8;

    /// <summary>Writes that a list has changed.</summary>
    /// <param name="writer">Receives the message.</param>
    /// <param name="list">One of the three lists.</param>
    /// <param name="id">The raw id of the listen request; empty in the session era, where there is none.</param>
    internal static void WriteListChanged(PooledByteWriter writer, PendingEvents list, ReadOnlySpan<byte> id)
    {
        writer.Write(Notification);
        writer.Write(list switch
        {
            PendingEvents.Tools => "tools/list_changed\""u8,
            PendingEvents.Prompts => "prompts/list_changed\""u8,
            _ => "resources/list_changed\""u8,
        });
        if (!id.IsEmpty)
        {
            writer.Write(",\"params\":{"u8);
            WriteTag(writer, id);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)'}');
    }

    /// <summary>Writes that a resource was updated.</summary>
    /// <param name="writer">Receives the message.</param>
    /// <param name="uri">The raw URI.</param>
    /// <param name="id">The raw id of the listen request; empty in the session era.</param>
    internal static void WriteUpdated(PooledByteWriter writer, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> id)
    {
        writer.Write(Notification);
        writer.Write("resources/updated\",\"params\":{\"uri\":"u8);
        writer.Write(uri);
        if (!id.IsEmpty)
        {
            writer.WriteByte((byte)',');
            WriteTag(writer, id);
        }

        writer.Write("}}"u8);
    }

    /// <summary>Writes that a stream is open, and what it will carry (2026-07-28, subscriptions).</summary>
    internal static void WriteAcknowledged(PooledByteWriter writer, ListenRequest request)
    {
        writer.Write(Notification);
        writer.Write("subscriptions/acknowledged\",\"params\":{\"notifications\":"u8);
        request.WriteHonoured(writer);
        writer.WriteByte((byte)',');
        WriteTag(writer, request.Id);
        writer.Write("}}"u8);
    }

    /// <summary>Writes that the server ends a stream, for channels that many requests share (2026-07-28, cancellation).</summary>
    internal static void WriteEndNotice(PooledByteWriter writer, ReadOnlySpan<byte> id)
    {
        writer.Write(Notification);
        writer.Write("cancelled\",\"params\":{\"requestId\":"u8);
        writer.Write(id);
        writer.Write(",\"reason\":\"The server ends this subscription.\","u8);
        WriteTag(writer, id);
        writer.Write("}}"u8);
    }

    /// <summary>Writes the result of a listen request: the stream has ended.</summary>
    /// <param name="writer">Receives the message.</param>
    /// <param name="id">The raw id of the listen request.</param>
    /// <param name="serverInfo">The raw <c>serverInfo</c>.</param>
    internal static void WriteResult(PooledByteWriter writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> serverInfo)
    {
        writer.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        writer.Write(id);
        writer.Write(",\"result\":{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"u8);
        writer.Write(id);
        writer.Write(",\"io.modelcontextprotocol/serverInfo\":"u8);
        writer.Write(serverInfo);
        writer.Write("}}}"u8);
    }

    private static void WriteTag(PooledByteWriter writer, ReadOnlySpan<byte> id)
    {
        writer.Write("\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"u8);
        writer.Write(id);
        writer.WriteByte((byte)'}');
    }
}
