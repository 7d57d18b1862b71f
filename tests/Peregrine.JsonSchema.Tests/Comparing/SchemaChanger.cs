using System.Text.Json.Nodes;
using Peregrine.JsonSchema.Tests.Ajv;

namespace Peregrine.JsonSchema.Tests.Comparing;

/// <summary>Makes of a schema one that differs a little, as the next version of a tool does: a keyword more, one less, another number, another schema somewhere within.</summary>
internal sealed class SchemaChanger(int seed, PairGenerator generator)
{
    private readonly Random _random = new(seed);

    public JsonNode Change(JsonNode schema)
    {
        var changed = schema.DeepClone();
        for (var i = _random.Next(1, 3); i > 0; i--)
        {
            changed = ChangeOne(changed);
        }

        return changed;
    }

    private JsonNode ChangeOne(JsonNode root)
    {
        var objects = Objects(root).ToList();
        if (objects.Count == 0)
        {
            return generator.Schema();
        }

        var target = objects[_random.Next(objects.Count)];
        var keywords = target.Select(static member => member.Key).ToList();
        switch (_random.Next(5))
        {
            case 0 when keywords.Count > 0:
                target.Remove(keywords[_random.Next(keywords.Count)]);
                break;
            case 1 when keywords.Count > 0:
                var keyword = keywords[_random.Next(keywords.Count)];
                target[keyword] = Near(target[keyword]);
                break;
            case 2:
                target["type"] = target["type"] is JsonValue type && type.ToString() == "integer" ? "number" : "integer";
                break;
            default:
                if (generator.Schema() is JsonObject other)
                {
                    other.Remove("$defs");
                    foreach (var (name, value) in other.Take(1).ToList())
                    {
                        target[name] = value?.DeepClone();
                    }
                }

                break;
        }

        return root;
    }

    private JsonNode? Near(JsonNode? value)
    {
        switch (value)
        {
            case JsonValue number when number.TryGetValue<double>(out var d):
                return Math.Max(0, d + (_random.Next(2) == 0 ? 1 : -1)) is var near && near > 0 ? near : 1;
            case JsonValue number when number.TryGetValue<int>(out var i):
                return Math.Max(1, i + (_random.Next(2) == 0 ? 1 : -1));
            case JsonArray { Count: > 1 } array:
                var copy = array.DeepClone().AsArray();
                copy.RemoveAt(_random.Next(copy.Count));
                return copy;
            default:
                return value?.DeepClone();
        }
    }

    /// <summary>Schemas within a schema, as far as they are objects: what stands under const and enum is none.</summary>
    private static IEnumerable<JsonObject> Objects(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                yield return schema;
                foreach (var (name, value) in schema)
                {
                    var isMap = name is "properties" or "patternProperties" or "$defs" or "dependentSchemas";
                    var below = name is "const" or "enum" or "required" or "dependentRequired" or "type" ? []
                        : isMap && value is JsonObject map ? map.SelectMany(static member => Objects(member.Value))
                        : Objects(value);
                    foreach (var found in below)
                    {
                        yield return found;
                    }
                }

                break;
            case JsonArray array:
                foreach (var found in array.SelectMany(Objects))
                {
                    yield return found;
                }

                break;
        }
    }
}
