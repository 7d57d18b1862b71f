using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Compat.Sampling;

/// <summary>A message of a conversation that a client's model goes on with. Deprecated in 2026-07-28 with sampling itself. Immutable.</summary>
public sealed class McpSamplingMessage
{
    private McpSamplingMessage(string role, byte[] content)
    {
        Role = role;
        Content = content;
    }

    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    public string Role { get; }

    /// <summary>The content, raw JSON: a block, or from 2025-11-25 on an array of blocks.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>A text of the user.</summary>
    public static McpSamplingMessage User(string text) => new("user", Text(text));

    /// <summary>A text of the model.</summary>
    public static McpSamplingMessage Assistant(string text) => new("assistant", Text(text));

    /// <summary>Any content.</summary>
    /// <param name="role"><c>user</c> or <c>assistant</c>.</param>
    /// <param name="content">A content block, or an array of them, raw JSON; copied.</param>
    /// <exception cref="ArgumentException">The role is none of the two, or the content is no JSON.</exception>
    public static McpSamplingMessage FromJson(string role, ReadOnlySpan<byte> content)
    {
        if (role is not ("user" or "assistant"))
        {
            throw new ArgumentException($"The role is \"{role}\"; it must be user or assistant.", nameof(role));
        }

        return Interaction.State.CarriedValues.IsJson(content) ? new McpSamplingMessage(role, content.ToArray())
            : throw new ArgumentException("The content must be one JSON value.", nameof(content));
    }

    private static byte[] Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, text.AsSpan());
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }
}
