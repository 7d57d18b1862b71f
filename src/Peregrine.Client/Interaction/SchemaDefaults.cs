using Peregrine.Client.Json;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Client.Interaction;

/// <summary>Completes the answers to a form with the defaults of its schema. Pure and thread-safe.</summary>
internal static class SchemaDefaults
{
    /// <summary>Writes the answers, then the defaults of the properties that have none.</summary>
    /// <param name="writer">Receives one JSON object.</param>
    /// <param name="content">The answers: a raw JSON object; empty for none.</param>
    /// <param name="schema">The form's schema, raw.</param>
    internal static void Write(PooledByteWriter writer, ReadOnlySpan<byte> content, ReadOnlySpan<byte> schema)
    {
        HashSet<string> given = new(StringComparer.Ordinal);
        writer.WriteByte((byte)'{');
        var members = new ObjectReader(content);
        while (members.Next())
        {
            Append(writer, given, members);
        }

        var properties = new ObjectReader(ObjectReader.Find(schema, "properties"u8));
        while (properties.Next())
        {
            var value = ObjectReader.Find(properties.Value, "default"u8);
            if (!value.IsEmpty && given.Add(properties.NameText))
            {
                AppendMember(writer, given.Count > 1, properties.Name, value);
            }
        }

        writer.WriteByte((byte)'}');
    }

    private static void Append(PooledByteWriter writer, HashSet<string> given, ObjectReader member)
    {
        if (given.Add(member.NameText))
        {
            AppendMember(writer, given.Count > 1, member.Name, member.Value);
        }
    }

    private static void AppendMember(PooledByteWriter writer, bool comma, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (comma)
        {
            writer.WriteByte((byte)',');
        }

        writer.Write(name);
        writer.WriteByte((byte)':');
        writer.Write(value);
    }
}
