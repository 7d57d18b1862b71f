using System.Text;

namespace Peregrine.JsonSchema.Tests;

/// <summary>Bytes that nobody meant, as instances and as schemas: documented exceptions only.</summary>
public sealed class RandomBytesTests
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud800", "\\udc00", "\"a\"", "\"b\":", "1", "-0", "1e9", "1e400000000", "0.01", "true", "false", "null", " ", "\n", "\u00e9", "\ud83d\udc32",
        "{\"$ref\":\"#\"}", "\"$ref\":\"#/a\"", "\"$id\":\"x\"", "\"$anchor\":\"y\"", "\"$dynamicRef\":\"#y\"", "\"$dynamicAnchor\":\"y\"", "\"type\":\"object\"", "\"properties\":{", "\"items\":",
        "\"allOf\":[", "\"anyOf\":[", "\"not\":{}", "\"if\":true", "\"then\":", "\"enum\":[", "\"const\":", "\"pattern\":\"", "^(a|b)*$", "[\\\\d-z]", "\"patternProperties\":{", "\"minimum\":", "\"maxLength\":",
        "\"required\":[\"a\"]", "\"uniqueItems\":true", "\"contains\":{}", "\"unevaluatedProperties\":false", "\"unevaluatedItems\":", "\"format\":\"regex\"", "\"$defs\":{\"a\":", "\"$schema\":\"",
    ];

    private static readonly byte[] s_everything = Encoding.UTF8.GetBytes("""
        {"type":["object","array","string","number"],"properties":{"a":{"$ref":"#"},"b":{"pattern":"^[a-z]*$","format":"uri"}},"patternProperties":{"^.$":true},"additionalProperties":{"type":"string"},
         "items":{"$ref":"#"},"uniqueItems":true,"contains":{"type":"number"},"minContains":0,"maxContains":5,"multipleOf":0.5,"minLength":1,"maxLength":10,"propertyNames":{"maxLength":5},
         "anyOf":[{"required":["a"]},{"minProperties":0}],"oneOf":[{"const":1},true],"not":{"const":{"a":1}},"if":{"type":"array"},"then":{"maxItems":4},"else":true,"unevaluatedProperties":false,
         "unevaluatedItems":false,"enum":[1,"a",{"a":1},[]],"dependentSchemas":{"a":{"minProperties":1}}}
        """);

    [Fact]
    public void Random_instances_are_judged()
    {
        var random = new Random(20251125);
        var schema = JsonSchema.Compile(s_everything, JsonSchemaOptions.Default with { AssertFormat = true });
        for (var i = 0; i < 50_000; i++)
        {
            var instance = Bytes(random);
            Assert.Equal(schema.IsValid(instance), schema.Validate(instance).IsValid);
        }
    }

    [Fact]
    public void Random_schemas_compile_or_are_refused()
    {
        var random = new Random(20251126);
        var compiled = 0;
        var options = JsonSchemaOptions.Default with { MaxEvaluations = 10_000, AssertFormat = true };
        for (var i = 0; i < 50_000; i++)
        {
            try
            {
                var schema = JsonSchema.Compile(Bytes(random), options);
                compiled++;
                Assert.Equal(schema.IsValid("{\"a\":[1]}"u8), schema.Validate("{\"a\":[1]}"u8).IsValid);
            }
            catch (JsonSchemaException)
            {
            }
        }

        Assert.True(compiled > 100, $"only {compiled} compiled");
    }

    /// <summary>Half the time a schema with a few bytes changed, otherwise pieces in a row.</summary>
    private static byte[] Bytes(Random random)
    {
        if (random.Next(2) == 0)
        {
            var changed = s_everything.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : changed[random.Next(changed.Length)];
            }

            return changed;
        }

        var text = new StringBuilder();
        for (var n = random.Next(1, 12); n > 0; n--)
        {
            text.Append(s_pieces[random.Next(s_pieces.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
