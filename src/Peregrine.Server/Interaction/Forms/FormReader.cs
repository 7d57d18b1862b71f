using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Peregrine.Server.Interaction.Forms;

/// <summary>Reads and judges a <c>requestedSchema</c>: elicitation allows a small part of JSON Schema (elicitation, requested schema).</summary>
internal static class FormReader
{
    // More would be no form that a person fills in.
    private const int MaxFields = 256;

    private static readonly HashSet<string> Formats = ["email", "uri", "date", "date-time"];

    internal static IReadOnlyList<FormField> Read(JsonElement schema, List<string> faults)
    {
        if (schema.ValueKind != JsonValueKind.Object || !HasText(schema, "type", "object"))
        {
            faults.Add("it must be an object with \"type\": \"object\"");
            return [];
        }

        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            faults.Add("\"properties\" must be an object");
            return [];
        }

        var required = ReadRequired(schema, faults);
        List<FormField> fields = [];
        foreach (var property in properties.EnumerateObject())
        {
            if (fields.Exists(field => field.Name == property.Name))
            {
                faults.Add($"\"{property.Name}\" is there twice");
            }
            else if (ReadField(property, required.Remove(property.Name), faults) is { } field)
            {
                fields.Add(field);
            }
        }

        if (fields.Count > MaxFields)
        {
            faults.Add($"it has {fields.Count} fields; {MaxFields} is the most");
        }

        faults.AddRange(required.Where(name => !properties.TryGetProperty(name, out _)).Select(static name => $"\"{name}\" is required, but is none of the fields"));
        return fields;
    }

    /// <summary>The text of a JSON string; false where it is none or no proper text.</summary>
    internal static bool TryGetText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return false;
        }
    }

    private static HashSet<string> ReadRequired(JsonElement schema, List<string> faults)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        if (!schema.TryGetProperty("required", out var required))
        {
            return names;
        }

        if (required.ValueKind != JsonValueKind.Array)
        {
            faults.Add("\"required\" must be an array of names");
            return names;
        }

        foreach (var item in required.EnumerateArray())
        {
            if (TryGetText(item, out var name))
            {
                names.Add(name);
            }
            else
            {
                faults.Add("\"required\" must be an array of names");
            }
        }

        return names;
    }

    private static FormField? ReadField(JsonProperty property, bool required, List<string> faults)
    {
        var (name, schema) = (property.Name, property.Value);
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || !TryGetText(type, out var text))
        {
            faults.Add($"\"{name}\" must be an object with a \"type\"");
            return null;
        }

        var before = faults.Count;
        var field = text switch
        {
            "string" => ReadText(name, schema, required, faults),
            "number" => new FormField(name, FormFieldKind.Number, required, null),
            "integer" => new FormField(name, FormFieldKind.Integer, required, null),
            "boolean" => new FormField(name, FormFieldKind.Boolean, required, null),
            "array" => ReadChoices(name, schema, required, faults),
            _ => null,
        };
        if (field is null)
        {
            if (faults.Count == before)
            {
                faults.Add($"\"{name}\" has the type \"{text}\"; a form is flat: string, number, integer, boolean, or an array of choices");
            }

            return null;
        }

        JudgeBounds(name, schema, text, faults);
        if (schema.TryGetProperty("default", out var preset) && !field.Takes(preset))
        {
            faults.Add($"the default of \"{name}\" must be {field.Wanted}");
        }

        return field;
    }

    private static FormField? ReadText(string name, JsonElement schema, bool required, List<string> faults)
    {
        if (ReadValues(name, schema, "oneOf", faults) is { } values)
        {
            JudgeTitles(name, schema, faults);
            return new FormField(name, FormFieldKind.Choice, required, values);
        }

        if (schema.TryGetProperty("format", out var format) && (!TryGetText(format, out var text) || !Formats.Contains(text)))
        {
            faults.Add($"the format of \"{name}\" must be email, uri, date or date-time");
        }

        return new FormField(name, FormFieldKind.Text, required, null);
    }

    private static FormField? ReadChoices(string name, JsonElement schema, bool required, List<string> faults)
    {
        if (schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object && ReadValues(name, items, "anyOf", faults) is { } values)
        {
            return new FormField(name, FormFieldKind.Choices, required, values);
        }

        faults.Add($"\"{name}\" is an array; its \"items\" must have \"enum\", or \"anyOf\" of \"const\" and \"title\"");
        return null;
    }

    // The values of an enumeration, or those of its titled form; null where there is none.
    private static HashSet<string>? ReadValues(string name, JsonElement schema, string titled, List<string> faults)
    {
        HashSet<string> values = new(StringComparer.Ordinal);
        if (!schema.TryGetProperty("enum", out var list) && !schema.TryGetProperty(titled, out list))
        {
            return null;
        }

        var isTitled = !schema.TryGetProperty("enum", out _);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            faults.Add($"\"{name}\" must offer at least one value");
            return values;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (TryReadValue(item, isTitled, out var value) && values.Add(value))
            {
                continue;
            }

            faults.Add(isTitled ? $"every choice of \"{name}\" must be an object with \"const\" and \"title\", texts, and no value may be there twice"
                : $"every choice of \"{name}\" must be a text, and none may be there twice");
            break;
        }

        return values;
    }

    private static bool TryReadValue(JsonElement item, bool isTitled, [NotNullWhen(true)] out string? value)
    {
        if (!isTitled)
        {
            return TryGetText(item, out value);
        }

        value = null;
        return item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty("title", out var title) && TryGetText(title, out _)
            && item.TryGetProperty("const", out var constant) && TryGetText(constant, out value);
    }

    private static void JudgeTitles(string name, JsonElement schema, List<string> faults)
    {
        if (schema.TryGetProperty("enumNames", out var names)
            && (names.ValueKind != JsonValueKind.Array || !schema.TryGetProperty("enum", out var values) || values.ValueKind != JsonValueKind.Array
                || names.GetArrayLength() != values.GetArrayLength() || !names.EnumerateArray().All(static item => TryGetText(item, out _))))
        {
            faults.Add($"\"enumNames\" of \"{name}\" must have one text for each value of \"enum\"");
        }
    }

    private static void JudgeBounds(string name, JsonElement schema, string type, List<string> faults)
    {
        var (least, most, mayBeNegative) = type switch
        {
            "string" => ("minLength", "maxLength", false),
            "array" => ("minItems", "maxItems", false),
            _ => ("minimum", "maximum", true),
        };
        var low = ReadBound(name, schema, least, mayBeNegative, faults);
        var high = ReadBound(name, schema, most, mayBeNegative, faults);
        if (low > high)
        {
            faults.Add($"\"{least}\" of \"{name}\" is more than its \"{most}\"");
        }
    }

    private static double? ReadBound(string name, JsonElement schema, string member, bool mayBeNegative, List<string> faults)
    {
        if (!schema.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var bound) && (mayBeNegative || (bound >= 0 && double.IsInteger(bound))))
        {
            return bound;
        }

        faults.Add($"\"{member}\" of \"{name}\" must be {(mayBeNegative ? "a number" : "an integer, zero or more")}");
        return null;
    }

    private static bool HasText(JsonElement schema, string member, string text) => schema.TryGetProperty(member, out var value) && TryGetText(value, out var found) && found == text;
}
