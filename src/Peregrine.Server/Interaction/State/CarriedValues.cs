using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Interaction.State;

/// <summary>
/// What a call carries from round to round: the answers it was given and the results of steps that must not run twice, each a raw JSON value by name. Not thread-safe.
/// </summary>
internal sealed class CarriedValues
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _steps = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Answers => _answers;

    internal IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Steps => _steps;

    internal void SetAnswer(string name, ReadOnlyMemory<byte> json) => _answers[name] = json;

    internal void SetStep(string name, ReadOnlyMemory<byte> json) => _steps[name] = json;

    /// <summary>Writes all: per value its kind, and name and value with their lengths.</summary>
    internal void Write(PooledByteWriter writer)
    {
        foreach (var (name, json) in _answers)
        {
            Write(writer, (byte)'a', name, json.Span);
        }

        foreach (var (name, json) in _steps)
        {
            Write(writer, (byte)'s', name, json.Span);
        }
    }

    /// <summary>Reads what <see cref="Write(PooledByteWriter)"/> wrote.</summary>
    /// <param name="bytes">Kept: the values are parts of it. Genuine, for it was sealed; a form that is not known is refused all the same.</param>
    /// <param name="values">What was read.</param>
    internal static bool TryRead(ReadOnlyMemory<byte> bytes, out CarriedValues values)
    {
        values = new CarriedValues();
        while (!bytes.IsEmpty)
        {
            var kind = bytes.Span[0];
            bytes = bytes[1..];
            if (kind is not ((byte)'a' or (byte)'s') || !TryReadPart(ref bytes, out var name) || !TryReadPart(ref bytes, out var json))
            {
                return false;
            }

            (kind == (byte)'a' ? values._answers : values._steps)[Encoding.UTF8.GetString(name.Span)] = json;
        }

        return true;
    }

    /// <summary>True where the bytes are exactly one JSON value.</summary>
    internal static bool IsJson(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Write(PooledByteWriter writer, byte kind, string name, ReadOnlySpan<byte> json)
    {
        writer.WriteByte(kind);
        var bytes = Encoding.UTF8.GetBytes(name);
        WriteLength(writer, bytes.Length);
        writer.Write(bytes);
        WriteLength(writer, json.Length);
        writer.Write(json);
    }

    private static void WriteLength(PooledByteWriter writer, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), length);
        writer.Advance(4);
    }

    private static bool TryReadPart(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (bytes.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
        if (length > bytes.Length - 4)
        {
            return false;
        }

        part = bytes.Slice(4, (int)length);
        bytes = bytes[(4 + (int)length)..];
        return true;
    }
}
