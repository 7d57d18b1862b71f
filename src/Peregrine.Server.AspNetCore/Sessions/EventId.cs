using System.Buffers.Text;
using System.Globalization;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// The id of an event: which stream, and the event's place in it (2025-03-26 and later, resumability). Numbers of streams are never used twice, not after a restart either, so an
/// id can only ever mean the event it was given to.
/// </summary>
/// <param name="IsCall">True where the stream was the answer to a call; false where it was opened with GET.</param>
/// <param name="Stream">The stream's number.</param>
/// <param name="Sequence">The event's place; 0 is the event without a message that opens a stream.</param>
internal readonly record struct EventId(bool IsCall, long Stream, long Sequence)
{
    // A letter and two numbers.
    private const int MaxLength = 1 + 19 + 1 + 19;

    internal static bool TryParse(ReadOnlySpan<char> text, out EventId id)
    {
        id = default;
        var dash = text.IndexOf('-');
        if (dash < 2 || text.Length > MaxLength || text[0] is not ('c' or 'g')
            || !long.TryParse(text[1..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
            || !long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        id = new EventId(text[0] == 'c', stream, sequence);
        return true;
    }

    /// <summary>Writes the line that gives the next event this id.</summary>
    internal void WriteLine(PooledByteWriter writer)
    {
        writer.Write("id: "u8);
        writer.WriteByte(IsCall ? (byte)'c' : (byte)'g');
        WriteNumber(writer, Stream);
        writer.WriteByte((byte)'-');
        WriteNumber(writer, Sequence);
        writer.WriteByte((byte)'\n');
    }

    private static void WriteNumber(PooledByteWriter writer, long value)
    {
        _ = Utf8Formatter.TryFormat(value, writer.GetSpan(20), out var written);
        writer.Advance(written);
    }
}
