using System.Buffers.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Content;

/// <summary>Writes members of results, each with the comma ahead of it. No state.</summary>
internal static class JsonMembers
{
    /// <summary>Writes <paramref name="member"/> and a string, or nothing for null.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="member">Comma, name and colon, such as <c>,"title":</c>.</param>
    /// <param name="text">The string.</param>
    internal static void WriteText(PooledByteWriter writer, ReadOnlySpan<byte> member, string? text)
    {
        if (text is not null)
        {
            writer.Write(member);
            JsonStringWriter.WriteString(writer, text.AsSpan());
        }
    }

    /// <summary>Writes <paramref name="member"/> and raw JSON, or nothing where that is empty.</summary>
    internal static void WriteRaw(PooledByteWriter writer, ReadOnlySpan<byte> member, ReadOnlyMemory<byte> json)
    {
        if (!json.IsEmpty)
        {
            writer.Write(member);
            writer.Write(json.Span);
        }
    }

    /// <summary>Writes <paramref name="member"/> and the base64 form of <paramref name="data"/> as a string, straight into the writer's memory.</summary>
    internal static void WriteBase64(PooledByteWriter writer, ReadOnlySpan<byte> member, ReadOnlySpan<byte> data)
    {
        writer.Write(member);
        writer.WriteByte((byte)'"');
        if (!data.IsEmpty)
        {
            _ = Base64.EncodeToUtf8(data, writer.GetSpan(Base64.GetMaxEncodedToUtf8Length(data.Length)), out _, out var written);
            writer.Advance(written);
        }

        writer.WriteByte((byte)'"');
    }

    /// <summary>Writes a role as a string, without a comma.</summary>
    internal static void WriteRole(PooledByteWriter writer, McpRole role) => writer.Write(role == McpRole.User ? "\"user\""u8 : "\"assistant\""u8);

    /// <summary>Writes a finite number.</summary>
    internal static void WriteNumber(PooledByteWriter writer, double value)
    {
        // 32: the longest shortest-round-trip form of a double has 24 characters.
        _ = Utf8Formatter.TryFormat(value, writer.GetSpan(32), out var written);
        writer.Advance(written);
    }
}
