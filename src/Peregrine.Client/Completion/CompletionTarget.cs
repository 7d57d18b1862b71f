using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Completion;

/// <summary>What an argument belongs to whose value is to be completed.</summary>
public sealed class CompletionTarget
{
    private readonly byte[] _raw;

    private CompletionTarget(ReadOnlySpan<byte> head, string value)
    {
        using var writer = new PooledByteWriter(64 + value.Length);
        writer.Write(head);
        JsonStringWriter.WriteString(writer, value);
        writer.WriteByte((byte)'}');
        _raw = writer.WrittenSpan.ToArray();
    }

    /// <summary>The reference, raw.</summary>
    internal ReadOnlySpan<byte> Raw => _raw;

    /// <summary>An argument of a prompt.</summary>
    /// <param name="name">The prompt's name.</param>
    public static CompletionTarget Prompt(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new CompletionTarget("{\"type\":\"ref/prompt\",\"name\":"u8, name);
    }

    /// <summary>A variable of a resource template.</summary>
    /// <param name="uriTemplate">The template, as the server wrote it.</param>
    public static CompletionTarget Resource(string uriTemplate)
    {
        ArgumentNullException.ThrowIfNull(uriTemplate);
        return new CompletionTarget("{\"type\":\"ref/resource\",\"uri\":"u8, uriTemplate);
    }
}
