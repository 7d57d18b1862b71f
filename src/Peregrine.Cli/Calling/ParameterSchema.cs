using System.Text.Json;

namespace Peregrine.Cli.Calling;

/// <summary>
/// What a tool's input schema says of one value. Follows references into the schema itself, and looks through what only wraps: one alternative besides <c>null</c>, as optional parameters are
/// written by some servers.
/// </summary>
internal readonly struct ParameterSchema
{
    // References may go round in circles; what is deeper than this says nothing.
    private const int MostSteps = 16;

    private readonly JsonElement _root;
    private readonly JsonElement _schema;
    private readonly bool _isNullable;
    private readonly int _steps;

    /// <param name="root">The whole schema.</param>
    internal ParameterSchema(JsonElement root)
        : this(root, root, steps: 0)
    {
    }

    private ParameterSchema(JsonElement root, JsonElement schema, int steps)
    {
        _root = root;
        while (steps < MostSteps && Unwrap(root, schema, ref _isNullable) is { } inner)
        {
            schema = inner;
            steps++;
        }

        _schema = schema;
        _steps = steps;
    }

    /// <summary>The types it may have, as JSON Schema names them; empty where the schema does not say.</summary>
    internal IReadOnlyList<string> Types
    {
        get
        {
            List<string> types = [];
            if (Find("type") is { } type)
            {
                types.AddRange(type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(Text) : [Text(type)]);
            }
            else if (Alternatives(_schema) is { } alternatives)
            {
                foreach (var alternative in alternatives)
                {
                    var inner = _steps < MostSteps ? new ParameterSchema(_root, alternative, _steps + 1).Types : [];
                    if (inner.Count == 0)
                    {
                        return [];
                    }

                    types.AddRange(inner);
                }
            }
            else if (Choices is { Count: > 0 } choices && choices.All(static choice => choice.ValueKind == JsonValueKind.String))
            {
                types.Add("string");
            }

            if (_isNullable && types.Count > 0)
            {
                types.Add("null");
            }

            return [.. types.Where(static one => one.Length > 0).Distinct()];
        }
    }

    /// <summary>The values it may have; empty where any.</summary>
    internal IReadOnlyList<JsonElement> Choices => Find("enum") is { ValueKind: JsonValueKind.Array } choices ? [.. choices.EnumerateArray()] : [];

    /// <summary>The names of its members; empty where the schema names none.</summary>
    internal IReadOnlyList<string> Members => Find("properties") is { ValueKind: JsonValueKind.Object } members ? [.. members.EnumerateObject().Select(static member => member.Name)] : [];

    /// <summary>The names of the members that must be there.</summary>
    internal IReadOnlyList<string> Required => Find("required") is { ValueKind: JsonValueKind.Array } names ? [.. names.EnumerateArray().Select(Text).Where(static name => name.Length > 0)] : [];

    /// <summary>True where it may have no members but those that are named.</summary>
    internal bool IsClosed => Find("patternProperties") is null
        && (Find("additionalProperties") is { ValueKind: JsonValueKind.False } || Find("unevaluatedProperties") is { ValueKind: JsonValueKind.False });

    /// <summary>True where the schema says outright that there may be others.</summary>
    internal bool IsOpen => Find("patternProperties") is not null || Find("additionalProperties") is { ValueKind: JsonValueKind.True or JsonValueKind.Object };

    /// <summary>What it says of its elements; null where nothing.</summary>
    internal ParameterSchema? Items => Find("items") is { } items ? new ParameterSchema(_root, items, _steps) : null;

    /// <summary>What it says of a member; null where it does not name it.</summary>
    internal ParameterSchema? Member(string name) =>
        Find("properties") is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var member) ? new ParameterSchema(_root, member, _steps) : null;

    private JsonElement? Find(string keyword) => _schema.ValueKind == JsonValueKind.Object && _schema.TryGetProperty(keyword, out var value) ? value : null;

    private static JsonElement? Unwrap(JsonElement root, JsonElement schema, ref bool isNullable)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Resolve(root, Text(reference));
        }

        if (schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array && all.GetArrayLength() == 1 && !schema.TryGetProperty("properties", out _))
        {
            return all[0];
        }

        if (schema.TryGetProperty("type", out _) || Alternatives(schema) is not { } alternatives)
        {
            return null;
        }

        var real = alternatives.Where(static one => !IsNull(one)).ToArray();
        if (real.Length != 1)
        {
            return null;
        }

        isNullable |= alternatives.Length > 1;
        return real[0];
    }

    // A JSON Pointer (RFC 6901) into the schema itself; other schemas are not fetched.
    private static JsonElement? Resolve(JsonElement root, string reference)
    {
        if (!reference.StartsWith('#'))
        {
            return null;
        }

        var found = root;
        foreach (var step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }

    private static JsonElement[]? Alternatives(JsonElement schema)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(keyword, out var alternatives) && alternatives.ValueKind == JsonValueKind.Array)
            {
                return [.. alternatives.EnumerateArray()];
            }
        }

        return null;
    }

    private static bool IsNull(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && Text(type) == "null";

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
