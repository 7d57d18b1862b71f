using Peregrine.Client.Json;

namespace Peregrine.Gateway.Policies;

/// <summary>What a server says that its tool does. A value.</summary>
/// <param name="ReadOnly">It changes nothing (<c>readOnlyHint</c>).</param>
/// <param name="Idempotent">Called twice it does no more than called once (<c>idempotentHint</c>).</param>
internal readonly record struct ToolHints(bool ReadOnly, bool Idempotent)
{
    /// <summary>Reads <c>annotations</c> of a tool.</summary>
    /// <param name="members">The tool's members, raw, each with a comma before it.</param>
    internal static ToolHints Read(ReadOnlyMemory<byte> members)
    {
        if (members.Span.IndexOf("\"annotations\""u8) < 0)
        {
            return default;
        }

        byte[] tool = [(byte)'{', .. members.Span[1..], (byte)'}'];
        var annotations = ObjectReader.Find(tool, "annotations"u8);
        return new ToolHints(IsTrue(annotations, "readOnlyHint"u8), IsTrue(annotations, "idempotentHint"u8));
    }

    private static bool IsTrue(ReadOnlySpan<byte> annotations, ReadOnlySpan<byte> hint) => ObjectReader.Find(annotations, hint).SequenceEqual("true"u8);
}
