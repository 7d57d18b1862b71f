using System.Text.Json;

namespace Peregrine.Server.Tests.Specification;

/// <summary>
/// The JSON Schema that the specification publishes for one revision, and as much of JSON Schema as it uses. A keyword outside that fails the test rather than passing unjudged.
/// </summary>
internal sealed class PublishedSchema
{
    private readonly JsonElement _root;

    private PublishedSchema(JsonElement root) => _root = root;

    /// <summary>Reads the schema of a revision from beside the repository; the test is skipped where it is not there.</summary>
    internal static PublishedSchema Of(string version)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "mcp-schema", version, "schema.json");
            if (File.Exists(path))
            {
                using var schema = JsonDocument.Parse(File.ReadAllBytes(path));
                return new PublishedSchema(schema.RootElement.Clone());
            }
        }

        Assert.Skip("The published schemas are not beside the repository (shared/mcp-schema).");
        throw new InvalidOperationException();
    }

    /// <summary>Everything in which <paramref name="value"/> differs from the definition; the first name that the revision has counts.</summary>
    internal List<string> Judge(JsonElement value, params ReadOnlySpan<string> names)
    {
        var definitions = _root.TryGetProperty("$defs", out var modern) ? modern : _root.GetProperty("definitions");
        foreach (var name in names)
        {
            if (definitions.TryGetProperty(name, out var definition))
            {
                List<string> faults = [];
                Judge(definition, value, name, faults);
                return faults;
            }
        }

        throw new ArgumentException($"The revision defines none of {string.Join(", ", names.ToArray())}.");
    }

    private void Judge(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.ValueKind is JsonValueKind.True)
        {
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    Judge(Resolve(keyword.Value.GetString()!), value, at, faults);
                    break;
                case "type" when !Types(keyword.Value).Any(type => Is(value, type)):
                    faults.Add($"{at}: {value.ValueKind} is not of type {keyword.Value.GetRawText()}");
                    break;
                case "const" when !JsonElement.DeepEquals(keyword.Value, value):
                    faults.Add($"{at}: {value.GetRawText()} is not {keyword.Value.GetRawText()}");
                    break;
                case "enum" when !keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)):
                    faults.Add($"{at}: {value.GetRawText()} is not in {keyword.Value.GetRawText()}");
                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    faults.AddRange(keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}: {name} is missing"));
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    JudgeProperties(schema, value, at, faults);
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    foreach (var (index, item) in value.EnumerateArray().Index())
                    {
                        Judge(keyword.Value, item, $"{at}[{index}]", faults);
                    }

                    break;
                case "minimum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() < keyword.Value.GetDouble():
                case "maximum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() > keyword.Value.GetDouble():
                    faults.Add($"{at}: {value.GetRawText()} is out of range");
                    break;
                case "maxItems" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > keyword.Value.GetInt32():
                    faults.Add($"{at}: {value.GetArrayLength()} items are too many");
                    break;
                case "allOf":
                    foreach (var part in keyword.Value.EnumerateArray())
                    {
                        Judge(part, value, at, faults);
                    }

                    break;
                case "anyOf" when !keyword.Value.EnumerateArray().Any(choice => Fits(choice, value)):
                    faults.Add($"{at}: fits none of the {keyword.Value.GetArrayLength()} choices");
                    break;
                case "additionalProperties" when schema.TryGetProperty("properties", out _) || keyword.Value.ValueKind != JsonValueKind.Object || value.ValueKind != JsonValueKind.Object:
                case "type" or "const" or "enum" or "required" or "properties" or "items" or "minimum" or "maximum" or "maxItems" or "anyOf" or "description" or "title" or "default"
                    or "deprecated" or "format" or "$comment":
                    break;
                case "additionalProperties":
                    foreach (var member in value.EnumerateObject())
                    {
                        Judge(keyword.Value, member.Value, $"{at}.{member.Name}", faults);
                    }

                    break;
                default:
                    faults.Add($"{at}: the keyword {keyword.Name} is not known to this test");
                    break;
            }
        }
    }

    private void JudgeProperties(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            if (value.TryGetProperty(property.Name, out var member))
            {
                Judge(property.Value, member, $"{at}.{property.Name}", faults);
            }
        }
    }

    private bool Fits(JsonElement schema, JsonElement value)
    {
        List<string> faults = [];
        Judge(schema, value, "", faults);
        return faults.Count == 0;
    }

    private JsonElement Resolve(string reference)
    {
        var target = _root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            target = target.GetProperty(part);
        }

        return target;
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(static name => name.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException($"{type} is no type."),
    };
}
