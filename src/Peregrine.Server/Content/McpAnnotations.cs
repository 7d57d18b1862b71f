using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Content;

/// <summary>What a client may want to know of content or a resource before it uses it. Immutable.</summary>
public sealed record McpAnnotations
{
    /// <summary>For whom it is meant; empty leaves it out.</summary>
    public IReadOnlyList<McpRole> Audience
    {
        // An empty list of an enumeration of ours has to be compiled, so it is made only where it is asked for.
        get => field ?? [];
        init;
    }

    /// <summary>How important it is: 0, optional, to 1, required; null leaves it out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double? Priority
    {
        get;
        init
        {
            if (value is not (null or (>= 0 and <= 1)))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A priority is from 0 to 1.");
            }

            field = value;
        }
    }

    /// <summary>When it was last changed; null leaves it out.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Writes <c>,"annotations":{…}</c>, or nothing where there is nothing to say.</summary>
    internal static void WriteMember(PooledByteWriter writer, McpAnnotations? annotations)
    {
        if (annotations is null or { Audience.Count: 0, Priority: null, LastModified: null })
        {
            return;
        }

        writer.Write(",\"annotations\":{"u8);
        var start = writer.Length;
        if (annotations.Audience.Count > 0)
        {
            writer.Write("\"audience\":["u8);
            for (var i = 0; i < annotations.Audience.Count; i++)
            {
                writer.Write(i > 0 ? ","u8 : default);
                JsonMembers.WriteRole(writer, annotations.Audience[i]);
            }

            writer.WriteByte((byte)']');
        }

        if (annotations.Priority is { } priority)
        {
            writer.Write(writer.Length > start ? ","u8 : default);
            writer.Write("\"priority\":"u8);
            JsonMembers.WriteNumber(writer, priority);
        }

        if (annotations.LastModified is { } lastModified)
        {
            writer.Write(writer.Length > start ? ","u8 : default);
            writer.Write("\"lastModified\":\""u8);
            // 32: the form below has at most 28 bytes.
            _ = lastModified.UtcDateTime.TryFormat(writer.GetSpan(32), out var written, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", System.Globalization.CultureInfo.InvariantCulture);
            writer.Advance(written);
            writer.WriteByte((byte)'"');
        }

        writer.WriteByte((byte)'}');
    }
}
