using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Cli.Calling;

/// <summary>Makes the arguments of a call of the words NAME=VALUE, as the tool's schema says.</summary>
internal sealed class ArgumentReader
{
    private readonly ParameterSchema _schema;
    private readonly JsonObject _arguments = [];
    private readonly ArgumentNames _names = new();

    private ArgumentReader(ParameterSchema schema) => _schema = schema;

    /// <summary>Reads all words.</summary>
    /// <param name="schema">The tool's input schema, raw; empty where it is not known.</param>
    /// <param name="pairs">The words.</param>
    /// <param name="message">Why the arguments are not sent, or what is odd about them; empty where nothing.</param>
    /// <returns>One JSON object; null where a word does not fit.</returns>
    internal static byte[]? TryRead(ReadOnlyMemory<byte> schema, IReadOnlyList<KeyValuePair<string, string>> pairs, out string message)
    {
        using var document = JsonDocument.Parse(schema.IsEmpty ? "{}"u8.ToArray() : schema);
        var reader = new ArgumentReader(new ParameterSchema(document.RootElement));
        foreach (var (name, value) in pairs)
        {
            if (!reader.TryAdd(name, value, out message))
            {
                return null;
            }
        }

        message = reader._names.Refusal(reader._schema.Required, [.. reader._arguments.Select(static argument => argument.Key)]);
        if (message.Length > 0)
        {
            return null;
        }

        message = reader._names.Remark;
        return Encoding.UTF8.GetBytes(reader._arguments.ToJsonString());
    }

    private bool TryAdd(string name, string value, out string error)
    {
        var schema = _schema;
        var container = _arguments;
        var rest = name;

        // A name with a dot that the schema knows as it is means that member.
        while (schema.Member(rest) is null && rest.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && schema.Member(rest[..dot]) is { } outer)
        {
            if (container[rest[..dot]] is not JsonObject inner)
            {
                container[rest[..dot]] = inner = [];
            }

            container = inner;
            schema = outer;
            rest = rest[(dot + 1)..];
        }

        var member = schema.Member(rest);
        if (member is null && (schema.IsClosed || (schema.Members.Count > 0 && !schema.IsOpen)))
        {
            _names.NoteUnknown(name, rest, schema.Members, schema.IsClosed);
        }

        if (IsList(member) && !value.TrimStart().StartsWith('['))
        {
            return TryAppend(container, rest, name, value, member!.Value.Items, out error);
        }

        if (!TryConvert(name, value, member, out var node, out error))
        {
            return false;
        }

        container[rest] = node;
        return true;
    }

    // One that may be null instead of a list is a list when it is given.
    private static bool IsList(ParameterSchema? member) => member?.Types is { } types && types.Contains("array") && types.All(static type => type is "array" or "null");

    private static bool TryAppend(JsonObject container, string key, string name, string value, ParameterSchema? items, out string error)
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

    private static bool TryConvert(string name, string value, ParameterSchema? schema, out JsonNode? node, out string error)
    {
        var types = schema?.Types ?? [];

        // Where text is taken, a word is text as it stands unless it reads as something else that is taken; without a word from the schema, what reads as JSON is JSON.
        if (TryParse(value, out node) && (types.Count == 0 || (node?.GetValueKind() != JsonValueKind.String && types.Contains(TypeOf(node, types)))))
        {
            return IsOneOf(name, value, node, schema, out error);
        }

        if (types.Count == 0 || types.Contains("string"))
        {
            node = JsonValue.Create(value);
            return IsOneOf(name, value, node, schema, out error);
        }

        error = $"{name} takes {string.Join(" or ", types.Select(Name))}; found \"{value}\"";
        return false;
    }

    private static bool IsOneOf(string name, string value, JsonNode? node, ParameterSchema? schema, out string error)
    {
        error = "";
        if (schema?.Choices is not { Count: > 0 } choices || node is null || choices.Any(choice => JsonNode.DeepEquals(JsonNode.Parse(choice.GetRawText()), node)))
        {
            return true;
        }

        error = $"{name} takes one of {string.Join(", ", choices.Select(static choice => choice.ToString()))}; found \"{value}\"{NearWord.Ask(value, choices.Select(static choice => choice.ToString()))}";
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
}
