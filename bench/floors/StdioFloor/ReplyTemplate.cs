using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Peregrine.Bench.Floors;

/// <summary>The constant reply of a floor program: everything but the id, which is spliced in as the bytes that came.</summary>
internal sealed class ReplyTemplate
{
    /// <summary>Where the id goes.</summary>
    public const string IdPlaceholder = "$ID";

    private readonly byte[] _prefix;
    private readonly byte[] _suffix;

    private ReplyTemplate(byte[] prefix, byte[] suffix)
    {
        _prefix = prefix;
        _suffix = suffix;
    }

    /// <summary>Takes the reply as text with <see cref="IdPlaceholder"/> in the place of the id; <paramref name="ending"/> is appended.</summary>
    public static ReplyTemplate Parse(string text, string ending = "")
    {
        int at = text.IndexOf(IdPlaceholder, StringComparison.Ordinal);
        if (at < 0)
            throw new ArgumentException($"the reply must contain {IdPlaceholder}", nameof(text));
        return new ReplyTemplate(Encoding.UTF8.GetBytes(text[..at]), Encoding.UTF8.GetBytes(text[(at + IdPlaceholder.Length)..] + ending));
    }

    /// <summary>A reply that is exactly <paramref name="bytes"/> long when the id is one byte.</summary>
    public static ReplyTemplate OfSize(int bytes)
    {
        const string start = "{\"jsonrpc\":\"2.0\",\"id\":" + IdPlaceholder + ",\"result\":{\"pad\":\"";
        const string end = "\"}}";
        int padding = bytes - (start.Length - IdPlaceholder.Length + 1) - end.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(padding, nameof(bytes));
        return Parse(start + new string('x', padding) + end);
    }

    /// <summary>Bytes of the reply for an id of <paramref name="idLength"/> bytes.</summary>
    public int LengthFor(int idLength) => _prefix.Length + idLength + _suffix.Length;

    /// <summary>Writes the reply and returns its length.</summary>
    public int Write(Span<byte> destination, ReadOnlySpan<byte> id)
    {
        _prefix.CopyTo(destination);
        id.CopyTo(destination[_prefix.Length..]);
        _suffix.CopyTo(destination[(_prefix.Length + id.Length)..]);
        return LengthFor(id.Length);
    }

    /// <summary>Tokenises the whole message once. False for a notification.</summary>
    public static bool TryReadId(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> id)
    {
        int start = -1, end = 0;
        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8))
                continue;
            reader.Read();
            start = (int)reader.TokenStartIndex;
            end = (int)reader.BytesConsumed;
        }

        id = start < 0 ? default : message[start..end];
        return start >= 0;
    }

    /// <summary>The same over a message that may lie in several segments; those are copied into <paramref name="scratch"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> message, ref byte[] scratch)
    {
        if (message.IsSingleSegment)
            return message.FirstSpan;
        int length = checked((int)message.Length);
        if (scratch.Length < length)
            scratch = new byte[length];
        message.CopyTo(scratch);
        return scratch.AsSpan(0, length);
    }
}
