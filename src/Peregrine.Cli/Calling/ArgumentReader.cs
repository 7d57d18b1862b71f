using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Cli.Calling;

/// <summary>Makes the arguments of a call of the words NAME=VALUE, as the tool's schema says.</summary>
internal sealed class ArgumentReader
{
    private readonly JsonElement _schema;
    private readonly JsonObject _arguments = [];

    private ArgumentReader(JsonElement schema) => _schema = schema;

    /// <summary>Reads all words.</summary>
    /// <param name="schema">The tool's input schema, raw; empty where it is not known.</param>
    /// <param name="pairs">The words.</param>
    /// <param name="error">What is wrong with one of them, and what it should be.</param>
    /// <returns>One JSON object; null where a word does not fit.</returns>
    internal static byte[]? TryRead(ReadOnlyMemory<byte> schema, IReadOnlyList<KeyValuePair<string, string>> pairs, out string error)
    {
        using var document = JsonDocument.Parse(schema.IsEmpty ? "{}"u8.ToArray() : schema);
        var reader = new ArgumentReader(document.RootElement);
        foreach (var (name, value) in pairs)
        {
            if (!reader.TryAdd(name, value, out error))
            {
                return null;
            }
        }

        error = "";
        return System.Text.Encoding.UTF8.GetBytes(reader._arguments.ToJsonString());
    }

    private bool TryAdd(string name, string value, out string error)
    {
        var schema = _schema;
        var container = _arguments;
        var rest = name;

        // A name with a dot that the schema knows as it is means that property.
        while (PropertyOf(schema, rest) is null && rest.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && PropertyOf(schema, rest[..dot]) is { } outer)
        {
            if (container[rest[..dot]] is not JsonObject inner)
            {
                container[rest[..dot]] = inner = [];
            }

            container = inner;
            schema = outer;
            rest = rest[(dot + 1)..];
        }

        var property = PropertyOf(schema, rest);
        if (property is null && IsClosed(schema))
        {
            error = $"there is no argument \"{name}\"; there are {string.Join(", ", NamesOf(schema))}";
            return false;
        }

        if (TypesOf(property) is ["array"] && !value.TrimStart().StartsWith('['))
        {
            return TryAppend(container, rest, name, value, ItemsOf(property), out error);
        }

        if (!TryConvert(name, value, property, out var node, out error))
        {
            return false;
        }

        container[rest] = node;
        return true;
    }

    private static bool TryAppend(JsonObject container, string key, string name, string value, JsonElement? items, out string error)
    {
        if (!TryConvert(name, value, items, out var item, out error))
        {
            return false;
        }

        if (container[key] is not JsonArray array)
        {
            container[key] = array = [];
        }

        array.Add(item);
        return true;
    }

    private static bool TryConvert(string name, string value, JsonElement? property, out JsonNode? node, out string error)
    {
        error = "";
        var types = TypesOf(property);
        if (types is ["string"])
        {
            node = JsonValue.Create(value);
            return IsOneOf(name, value, property!.Value, out error);
        }

        // Without a word from the schema, what reads as JSON is JSON.
        var isJson = TryParse(value, out node);
        if (types.Count == 0 || (isJson && types.Contains(TypeOf(node, types))))
        {
            node = isJson ? node : JsonValue.Create(value);
            return true;
        }

        if (types.Contains("string"))
        {
            node = JsonValue.Create(value);
            return true;
        }

        error = $"{name} takes {string.Join(" or ", types.Select(Name))}; found \"{value}\"";
        return false;
    }

    private static bool IsOneOf(string name, string value, JsonElement property, out string error)
    {
        error = "";
        if (!property.TryGetProperty("enum", out var choices) || choices.ValueKind != JsonValueKind.Array
            || choices.EnumerateArray().Any(choice => choice.ValueKind == JsonValueKind.String && choice.GetString() == value))
        {
            return true;
        }

        error = $"{name} takes one of {string.Join(", ", choices.EnumerateArray().Select(static choice => choice.ToString()))}; found \"{value}\"";
        return false;
    }

    private static bool TryParse(string value, out JsonNode? node)
    {
        try
        {
            node = JsonNode.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    private static string TypeOf(JsonNode? node, IReadOnlyList<string> wanted) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number when !wanted.Contains("number") && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.IsInteger(number) => "integer",
        JsonValueKind.Number => "number",
        _ => "string",
    };

    private static string Name(string type) => type switch
    {
        "integer" => "an integer",
        "boolean" => "true or false",
        "object" => "a JSON object",
        "array" => "a JSON array",
        "null" => "null",
        _ => "a " + type,
    };

    private static JsonElement? PropertyOf(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(name, out var property)
            ? property
            : null;

    private static JsonElement? ItemsOf(JsonElement? property) => property is { } array && array.TryGetProperty("items", out var items) ? items : null;

    private static IEnumerable<string> NamesOf(JsonElement schema) => schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        ? properties.EnumerateObject().Select(static property => property.Name).DefaultIfEmpty("none")
        : ["none"];

    private static bool IsClosed(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False
        && !schema.TryGetProperty("patternProperties", out _);

    private static IReadOnlyList<string> TypesOf(JsonElement? property)
    {
        if (property is not { ValueKind: JsonValueKind.Object } schema || !schema.TryGetProperty("type", out var type))
        {
            return [];
        }

        return type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array => [.. type.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!)],
            _ => [],
        };
    }
}
