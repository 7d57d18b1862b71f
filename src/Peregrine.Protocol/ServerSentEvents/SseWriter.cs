using System.Buffers.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;

namespace Peregrine.Protocol.ServerSentEvents;

/// <summary>Writes server-sent events (WHATWG HTML, section 9.2) that carry JSON-RPC messages.</summary>
public static class SseWriter
{
    /// <summary>Writes one <c>message</c> event. Raw line breaks in the message become spaces.</summary>
    public static void WriteMessage(PooledByteWriter writer, ReadOnlySpan<byte> message)
    {
        BeginMessage(writer);
        var start = writer.Length;
        writer.Write(message);
        LineBreaks.ReplaceWithSpaces(writer.WrittenSpanForEdit[start..]);
        EndMessage(writer);
    }

    /// <summary>Writes a <c>message</c> event up to the place of its message, which must have no raw line breaks. Close it with <see cref="EndMessage"/>.</summary>
    public static void BeginMessage(PooledByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("event: message\ndata: "u8);
    }

    /// <summary>Ends an event.</summary>
    public static void EndMessage(PooledByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("\n\n"u8);
    }

    /// <summary>Tells the client how long to wait before it comes back. Reaches no listener.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="milliseconds">Zero or more.</param>
    public static void WriteRetry(PooledByteWriter writer, long milliseconds)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        writer.Write("retry: "u8);
        _ = Utf8Formatter.TryFormat(milliseconds, writer.GetSpan(20), out var written);
        writer.Advance(written);
        writer.Write("\n\n"u8);
    }

    /// <summary>Writes a comment, which keeps a connection alive and reaches no listener.</summary>
    public static void WriteKeepAlive(PooledByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(":\n\n"u8);
    }
}
