using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Client.Contracts;

/// <summary>
/// Makes of a schema one that allows only the members it names, where it names some and leaves others open: what somebody sends who goes by the schema. Closes whole values only, never a part that combines
/// with others.
/// </summary>
internal static class SchemaClosing
{
    private const int MaxDepth = 64;

    internal static byte[] Close(JsonElement schema)
    {
        var root = JsonNode.Parse(schema.GetRawText());
        var isOld = root is JsonObject && root["$schema"]?.ToString().Contains("draft-0", StringComparison.Ordinal) == true;
        CloseValue(root, root, isOld, 0);
        return Encoding.UTF8.GetBytes(root?.ToJsonString() ?? "null");
    }

    /// <param name="schema">Stands for a whole value.</param>
    /// <param name="root">The document.</param>
    /// <param name="isOld">Whether its draft has no <c>unevaluatedProperties</c>.</param>
    /// <param name="depth">How deep it stands.</param>
    private static void CloseValue(JsonNode? schema, JsonNode? root, bool isOld, int depth)
    {
        if (schema is not JsonObject keywords || depth > MaxDepth)
        {
            return;
        }

        CloseParts(keywords, root, isOld, depth);
        var isOpen = !keywords.ContainsKey("additionalProperties") && !keywords.ContainsKey("patternProperties") && !keywords.ContainsKey("unevaluatedProperties");
        if (isOpen && (keywords["properties"] is JsonObject || Target(keywords, root)?["properties"] is JsonObject))
        {
            if (!isOld)
            {
                keywords["unevaluatedProperties"] = false;
            }
            else if (!Combines(keywords))
            {
                keywords["additionalProperties"] = false;
            }
        }
    }

    /// <summary>Closes the values within: members and items, also those of parts that apply in place.</summary>
    private static void CloseParts(JsonObject keywords, JsonNode? root, bool isOld, int depth)
    {
        foreach (var (keyword, value) in keywords.ToList())
        {
            switch (keyword)
            {
                case "properties" or "patternProperties":
                    Each(value is JsonObject map ? map.Select(static member => member.Value) : [], schema => CloseValue(schema, root, isOld, depth + 1));
                    break;
                case "items" or "additionalProperties" or "unevaluatedProperties" or "unevaluatedItems" when value is JsonObject:
                    CloseValue(value, root, isOld, depth + 1);
                    break;
                case "prefixItems" or "items":
                    Each(value is JsonArray list ? list : [], schema => CloseValue(schema, root, isOld, depth + 1));
                    break;
                case "allOf" or "anyOf" or "oneOf":
                    Each(value is JsonArray parts ? parts : [], part => ClosePart(part, root, isOld, depth + 1));
                    break;
                case "$defs" or "definitions":
                    Each(value is JsonObject definitions ? definitions.Select(static member => member.Value) : [], part => ClosePart(part, root, isOld, depth + 1));
                    break;
                default:
                    break;
            }
        }
    }

    private static void ClosePart(JsonNode? part, JsonNode? root, bool isOld, int depth)
    {
        if (part is JsonObject keywords && depth <= MaxDepth)
        {
            CloseParts(keywords, root, isOld, depth);
        }
    }

    private static void Each(IEnumerable<JsonNode?> schemas, Action<JsonNode?> action)
    {
        foreach (var schema in schemas)
        {
            action(schema);
        }
    }

    private static bool Combines(JsonObject keywords) =>
        keywords.Any(static member => member.Key is "allOf" or "anyOf" or "oneOf" or "if" or "then" or "else" or "not" or "$ref" or "dependencies" or "dependentSchemas");

    private static JsonObject? Target(JsonObject keywords, JsonNode? root)
    {
        var parts = keywords["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String ? reference.ToString().Split('/') : [];
        return parts is ["#", "$defs" or "definitions", _] && root?[parts[1]] is JsonObject definitions ? definitions[parts[2]] as JsonObject : null;
    }
}
