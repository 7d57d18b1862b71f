using System.Text.Json.Nodes;

namespace Peregrine.JsonSchema.Tests.Ajv;

/// <summary>
/// Makes schemas and instances of few names and values, so that they meet. Numbers are halves of small integers, which floating point has exactly: what an implementation on
/// doubles makes of other numbers is no matter of agreement.
/// </summary>
internal sealed class PairGenerator(int seed)
{
    private static readonly string[] s_names = ["a", "b", "c", "ab"];
    private static readonly string[] s_types = ["null", "boolean", "object", "array", "number", "integer", "string"];
    private static readonly string[] s_strings = ["", "a", "b", "ab", "aab", "é", "🐲", "x1", "a b"];
    private static readonly string[] s_patterns = ["^a", "b$", "^[a-c]+$", "\\d", "^.$", "^\\w*$", "a|x", "^(?!a)"];

    private readonly Random _random = new(seed);
    private bool _hasContains;

    /// <summary>A schema with <c>$defs</c> that it may refer to.</summary>
    public JsonNode Schema()
    {
        // ajv counts items that "contains" matched as unevaluated (2020-12 core, section 10.3.1.3: "This annotation affects the behavior of "unevaluatedItems"") and,
        // beside "prefixItems", takes arrays with too few matches as valid (validation, section 6.4.5 asks for at least as many as minContains says). Those do not meet here.
        _hasContains = Chance(2);
        var root = Schema(3);
        if (root is JsonObject schema)
        {
            schema["$defs"] = new JsonObject { ["d"] = Schema(1, refers: false), ["e"] = Schema(1, refers: false) };
        }

        return root;
    }

    public JsonNode? Instance() => Instance(3);

    private JsonNode Schema(int depth, bool refers = true)
    {
        if (Chance(depth == 0 ? 4 : 12))
        {
            return JsonValue.Create(!Chance(3));
        }

        var schema = new JsonObject();
        for (var keywords = _random.Next(1, 4); keywords > 0; keywords--)
        {
            if (depth > 0 && Chance(2))
            {
                Combine(schema, depth - 1, refers);
            }
            else
            {
                Assert(schema);
            }
        }

        return schema;
    }

    private void Combine(JsonObject schema, int depth, bool refers)
    {
        JsonNode Next() => Schema(depth, refers);
        switch (_random.Next(19))
        {
            case 0: schema["allOf"] = Array(Next); break;
            case 1: schema["anyOf"] = Array(Next); break;
            case 2: schema["oneOf"] = Array(Next); break;
            case 3: schema["not"] = Next(); break;
            case 4: schema["if"] = Next(); schema["then"] = Next(); break;
            case 5: schema["if"] = Next(); schema["else"] = Next(); break;
            case 6 or 7 or 8: schema["properties"] = Named(s_names, Next); break;
            case 9: schema["patternProperties"] = Named(s_patterns, Next); break;
            case 10: schema["additionalProperties"] = Next(); break;
            case 11: schema["propertyNames"] = Next(); break;
            case 12: schema["items"] = Next(); break;
            case 13: if (!schema.ContainsKey("contains")) { schema["prefixItems"] = Array(Next); } break;
            case 14 when _hasContains && !schema.ContainsKey("prefixItems"): schema["contains"] = Next(); schema["minContains"] = _random.Next(3); schema["maxContains"] = _random.Next(1, 4); break;
            case 15: schema["dependentSchemas"] = Named(s_names, Next); break;
            case 16: schema["unevaluatedProperties"] = Next(); break;
            case 17 when !_hasContains: schema["unevaluatedItems"] = Next(); break;
            default: if (refers) { schema["$ref"] = Chance(2) ? "#/$defs/d" : "#/$defs/e"; } break;
        }
    }

    private void Assert(JsonObject schema)
    {
        switch (_random.Next(18))
        {
            case 0 or 1: schema["type"] = Pick(s_types); break;
            case 2: schema["type"] = new JsonArray(s_types.Where(_ => Chance(3)).DefaultIfEmpty("string").Select(static t => (JsonNode)t).ToArray()); break;
            case 3: schema["const"] = Instance(2); break;
            case 4: schema["enum"] = new JsonArray(Enumerable.Range(0, 3).Select(_ => Instance(1)).ToArray()); break;
            case 5: schema["minimum"] = Number(); break;
            case 6: schema["maximum"] = Number(); break;
            case 7: schema["exclusiveMinimum"] = Number(); break;
            case 8: schema["exclusiveMaximum"] = Number(); break;
            case 9: schema["multipleOf"] = _random.Next(1, 6) / 2.0; break;
            case 10: schema["minLength"] = _random.Next(3); break;
            case 11: schema["maxLength"] = _random.Next(3); break;
            case 12: schema["pattern"] = Pick(s_patterns); break;
            case 13: schema["minItems"] = _random.Next(3); schema["maxItems"] = _random.Next(4); break;
            case 14: schema["uniqueItems"] = true; break;
            case 15: schema["minProperties"] = _random.Next(3); schema["maxProperties"] = _random.Next(4); break;
            case 16: schema["required"] = Names(); break;
            default: schema["dependentRequired"] = Named(s_names, Names); break;
        }
    }

    private JsonNode? Instance(int depth)
    {
        switch (_random.Next(depth > 0 ? 9 : 5))
        {
            case 0: return Chance(2) ? null : Chance(2);
            case 1 or 2: return Number();
            case 3 or 4: return Pick(s_strings);
            case 5 or 6: return new JsonArray(Enumerable.Range(0, _random.Next(4)).Select(_ => Instance(depth - 1)).ToArray());
            default:
                var value = new JsonObject();
                foreach (var name in s_names.Where(_ => Chance(2)))
                {
                    value[name] = Instance(depth - 1);
                }

                return value;
        }
    }

    private double Number() => _random.Next(-4, 9) / 2.0;

    private JsonArray Array(Func<JsonNode> next) => new(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => next()).ToArray());

    private JsonArray Names() => new(s_names.Where(_ => Chance(2)).Select(static n => (JsonNode)n).ToArray());

    private JsonObject Named(string[] names, Func<JsonNode> next)
    {
        var value = new JsonObject();
        foreach (var name in names.Where(_ => Chance(2)))
        {
            value[name] = next();
        }

        return value;
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
