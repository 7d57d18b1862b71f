using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace Peregrine.Server.Binding;

/// <summary>
/// Schemas of generated tools that have types which only System.Text.Json knows: what reads and writes such a type also says what it is, once, when the tool is made. For generated code. No state.
/// </summary>
public static class ToolSchemas
{
    // A member by this name, whose value is a text, stands for a type. What a program's properties are called stands elsewhere: their values are schemas.
    private const string TypeMember = "$foreign";
    private const string NullMember = "$null";

    private static readonly JsonSchemaExporterOptions Exporting = new() { TransformSchemaNode = Describe };

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema with what its types are. A type with a converter of its own may be anything.</summary>
    /// <param name="schema">The schema, with <c>"$foreign":"KEY"</c> where a type stands, and <c>"$null":true</c> where it may be null.</param>
    /// <param name="parts">The types by their keys.</param>
    public static byte[] Complete(ReadOnlySpan<byte> schema, ReadOnlySpan<ToolSchemaPart> parts)
    {
        var root = JsonNode.Parse(schema)!;
        List<(JsonObject Place, string Pointer)> places = [];
        Find(root, "#", places);
        foreach (var (place, pointer) in places)
        {
            var key = place[TypeMember]!.GetValue<string>();
            foreach (var part in parts)
            {
                if (part.Key == key)
                {
                    Fill(place, pointer, Export(part.Type, part.Declared));
                    break;
                }
            }
        }

        return ToUtf8(root);
    }

    /// <summary>The schema of a result that is always an object; empty where it may be something else, and so has no structured form by its type alone.</summary>
    public static byte[] OfResult(Type type, JsonSerializerContext declared)
    {
        if (Export(type, declared) is not JsonObject schema)
        {
            return [];
        }

        RemoveNull(schema);
        return schema["type"] is JsonValue value && value.TryGetValue(out string? name) && name == "object" ? ToUtf8(schema) : [];
    }

    private static JsonNode? Export(Type type, JsonSerializerContext declared)
    {
        try
        {
            return JsonTypes.Find(type, declared).GetJsonSchemaAsNode(Exporting);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // A context that was made for writing only, or that writes references, has no schemas.
            return null;
        }
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is JsonObject schema && (DescriptionOf(context.PropertyInfo?.AttributeProvider) ?? (schema.ContainsKey("$ref") ? null : DescriptionOf(context.TypeInfo.Type))) is { } text)
        {
            schema.Insert(0, "description", text);
        }

        return node;
    }

    private static string? DescriptionOf(ICustomAttributeProvider? member) =>
        member?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute { Description: { Length: > 0 } text }, ..] ? text : null;

    private static void Find(JsonNode? node, string pointer, List<(JsonObject Place, string Pointer)> places)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                Find(array[i], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pointer}/{i}"), places);
            }
        }
        else if (node is JsonObject schema)
        {
            if (schema[TypeMember] is JsonValue)
            {
                places.Add((schema, pointer));
                return;
            }

            foreach (var (name, value) in schema)
            {
                Find(value, $"{pointer}/{Escape(name)}", places);
            }
        }
    }

    private static string Escape(string name)
    {
        var escaped = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return escaped.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '~' or '$') ? escaped : Uri.EscapeDataString(escaped);
    }

    private static void Fill(JsonObject place, string pointer, JsonNode? exported)
    {
        place.Remove(TypeMember);
        var isNullable = place.Remove(NullMember);
        if (exported is not JsonObject schema)
        {
            return;
        }

        if (!isNullable)
        {
            RemoveNull(schema);
        }
        else if (!AddNull(schema))
        {
            Rebase(schema, "/anyOf/0");
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        Rebase(schema, pointer[1..]);

        // What the tool says of its argument goes before what the type says of itself, and its default to the end.
        var hasDefault = place.Remove("default", out var fallback);
        foreach (var (name, value) in schema.ToArray())
        {
            schema.Remove(name);
            place.TryAdd(name, value);
        }

        if (hasDefault)
        {
            place["default"] = fallback;
        }
    }

    // A reference of an exported schema starts at that schema, not at the whole of which it becomes a part.
    private static void Rebase(JsonNode? node, string pointer)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Rebase(item, pointer);
            }
        }
        else if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue value && value.TryGetValue(out string? target) && target.StartsWith('#'))
            {
                schema["$ref"] = $"#{pointer}{target[1..]}";
            }

            foreach (var (_, member) in schema.ToArray())
            {
                Rebase(member, pointer);
            }
        }
    }

    private static void RemoveNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types && types.FirstOrDefault(static type => type?.GetValue<string>() == "null") is { } found)
        {
            types.Remove(found);
            if (types.Count == 1)
            {
                schema["type"] = types[0]!.GetValue<string>();
            }
        }
    }

    /// <summary>Takes null as well; false where that needs another schema around this one.</summary>
    private static bool AddNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonValue type:
                schema["type"] = new JsonArray(type.GetValue<string>(), "null");
                break;
            case JsonArray types when !types.Any(static type => type?.GetValue<string>() == "null"):
                types.Add((JsonNode)"null");
                break;
            case null when schema.Count > 0:
                return false;
        }

        if (schema["enum"] is JsonArray values && !values.Contains(null))
        {
            values.Add((JsonNode?)null);
        }

        return true;
    }

    private static byte[] ToUtf8(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
