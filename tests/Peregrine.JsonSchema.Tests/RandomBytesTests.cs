using System.Text;

namespace Peregrine.JsonSchema.Tests;

/// <summary>Bytes that nobody meant, as instances and as schemas: documented exceptions only.</summary>
[Collection(nameof(MeasuredAlone))]
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

    // What is run each time, and what is run for long: as many as the library promises to stand.
    private const int Some = 10_000;
    private const int All = 1_000_000;

    [Fact]
    public void Random_instances_are_judged() => JudgeInstances(Some, 20251125);

    [Fact]
    [Trait("Category", "Full")]
    public void A_million_random_instances_are_judged() => JudgeInstances(All, 1);

    [Fact]
    public void Random_schemas_compile_or_are_refused() => CompileSchemas(Some, 20251126);

    [Fact]
    [Trait("Category", "Full")]
    public void A_million_random_schemas_compile_or_are_refused() => CompileSchemas(All, 2);

    private static void JudgeInstances(int count, int seed)
    {
        var random = new Random(seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var schema = JsonSchema.Compile(s_everything, JsonSchemaOptions.Default with { AssertFormat = true });
        for (var i = 0; i < count; i++)
        {
            var instance = Bytes(random);
            Assert.Equal(schema.IsValid(instance), schema.Validate(instance).IsValid);
        }

        AssertBounded(before);
    }

    private static void CompileSchemas(int count, int seed)
    {
        var random = new Random(seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var compiled = 0;
        var options = JsonSchemaOptions.Default with { MaxEvaluations = 10_000, AssertFormat = true };
        for (var i = 0; i < count; i++)
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

        Assert.True(compiled > count / 500, $"only {compiled} compiled");
        AssertBounded(before);
    }

    private static void AssertBounded(long before) => Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 * 1024 * 1024);

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
