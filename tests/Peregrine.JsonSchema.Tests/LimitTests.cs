using System.Diagnostics;
using System.Text;

namespace Peregrine.JsonSchema.Tests;

/// <summary>What schemas and instances may cost, and what happens beyond.</summary>
public sealed class LimitTests
{
    // Generous: what these tests forbid takes minutes or for ever.
    private static readonly TimeSpan s_guard = TimeSpan.FromSeconds(60);

    [Fact]
    public void An_instance_deeper_than_the_limit_is_invalid()
    {
        var schema = Compile("true", JsonSchemaOptions.Default with { MaxDepth = 5 });
        Assert.True(schema.IsValid("[[[[[]]]]]"u8));
        Assert.Contains("nested deeper than 5", schema.Validate("[[[[[[]]]]]]"u8).ToString(), StringComparison.Ordinal);
        Assert.False(Compile("true").IsValid(Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
    }

    [Fact]
    public void An_instance_longer_than_the_limit_is_invalid()
    {
        var schema = Compile("true", JsonSchemaOptions.Default with { MaxInstanceLength = 10 });
        Assert.True(schema.IsValid("\"12345678\""u8));
        Assert.Contains("at most 10 are taken", schema.Validate("\"123456789\""u8).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""")]
    [InlineData("""{"dependentSchemas":{"a":{"anyOf":[true,{"$ref":"#"}]}}}""")]
    public void A_schema_that_applies_itself_without_end_is_refused(string schema) =>
        Assert.Contains("without end", Assert.Throws<JsonSchemaException>(() => Compile(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_dynamic_reference_without_end_is_given_up()
    {
        var schema = Compile("""
            {"$id":"http://a/","$ref":"b","$defs":{"x":{"$dynamicAnchor":"n","$ref":"b"},
             "b":{"$id":"b","$dynamicRef":"#n","$defs":{"y":{"$dynamicAnchor":"n"}}}}}
            """);
        Assert.False(schema.IsValid("1"u8));
        Assert.Contains("could not be judged", schema.Validate("1"u8).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Alternatives_that_multiply_are_given_up()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 60).Select(static i => $$"""
            "d{{i}}":{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}
            """));
        var schema = Compile("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + ",\"d60\":false}}", JsonSchemaOptions.Default with { MaxEvaluations = 100_000 });
        Assert.Contains("100000 evaluations", schema.Validate("1"u8).ToString(), StringComparison.Ordinal);
        Assert.False(Compile("{\"not\":{\"$ref\":\"#/$defs/d0\"},\"$defs\":{" + definitions + ",\"d60\":false}}", JsonSchemaOptions.Default with { MaxEvaluations = 100_000 }).IsValid("1"u8));
    }

    [Fact]
    public void A_pattern_that_never_ends_is_given_up()
    {
        // A look-ahead keeps it from the engine that cannot hang.
        var schema = Compile("""{"pattern":"^(?=a)(a|aa)+$"}""", JsonSchemaOptions.Default with { PatternTimeout = TimeSpan.FromMilliseconds(20) });
        Assert.True(schema.IsValid("\"aaa\""u8));
        Assert.Contains("more than 20 ms", schema.Validate(Encoding.UTF8.GetBytes($"\"{new string('a', 60)}b\"")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_cost_what_their_text_costs()
    {
        var start = Stopwatch.GetTimestamp();
        var schema = Compile("""{"multipleOf":0.01,"minimum":-1e400000000,"maximum":1e400000000}""");
        Assert.True(schema.IsValid("1e400000000"u8));
        Assert.False(schema.IsValid("1.1e400000000"u8));
        Assert.False(schema.IsValid("1e-400000000"u8));
        Assert.True(schema.IsValid(Encoding.UTF8.GetBytes(new string('9', 1_000_000))));
        Assert.False(schema.IsValid(Encoding.UTF8.GetBytes("1e" + new string('9', 1_000_000))));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_guard);
    }

    [Fact]
    public void Equal_items_of_any_shape_are_found_in_time()
    {
        var start = Stopwatch.GetTimestamp();
        var schema = Compile("""{"uniqueItems":true}""");
        Assert.True(schema.IsValid(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 200_000)) + "]")));
        Assert.False(schema.IsValid(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 200_000)) + ",7.0]")));
        var members = Enumerable.Range(0, 50_000).Select(static i => $"\"n{i}\":{i}").ToList();
        var forth = "{" + string.Join(',', members) + "}";
        members.Reverse();
        var back = "{" + string.Join(',', members) + "}";
        Assert.False(schema.IsValid(Encoding.UTF8.GetBytes($$"""[{{forth}},{{back}}]""")));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_guard);
    }

    [Theory]
    [InlineData("""{"$ref":"http://example.com/x"}""", "#: the reference \"http://example.com/x\" cannot be resolved: no resolver was given for \"http://example.com/x\".")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/b"}}}""", "#/properties/a: the reference \"#/$defs/b\" leads nowhere: the schema has nothing at \"/$defs/b\".")]
    [InlineData("""{"$ref":"#b"}""", "#: the reference \"#b\" leads nowhere: the schema has no anchor \"b\".")]
    [InlineData("""{"type":"text"}""", "#/type: \"text\" is no type; expected null, boolean, object, array, number, integer or string.")]
    [InlineData("""{"properties":{"a":{"minimum":"1"}}}""", "#/properties/a/minimum: expected a number.")]
    [InlineData("""{"minLength":-1}""", "#/minLength: expected a whole number of 0 or more.")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf: expected a number greater than 0.")]
    [InlineData("""{"required":"a"}""", "#/required: expected an array of names.")]
    [InlineData("""{"items":[{}]}""", "#/items: expected a schema (an object, true or false).")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "#/$schema: \"http://json-schema.org/draft-04/schema#\" is not understood; drafts 7, 2019-09 and 2020-12 are.")]
    [InlineData("""{"a":1""", "#: the schema is no JSON that is taken: it ends too early at byte 6.")]
    public void A_schema_that_means_nothing_is_refused_with_its_place(string schema, string message) =>
        Assert.Equal(message, Assert.Throws<JsonSchemaException>(() => Compile(schema)).Message);

    [Fact]
    public void A_pattern_that_is_none_is_refused_with_its_place()
    {
        var e = Assert.Throws<JsonSchemaException>(() => Compile("""{"properties":{"a":{"pattern":"(a"}}}"""));
        Assert.Equal("#/properties/a/pattern", e.Location);
    }

    [Fact]
    public void A_schema_over_a_limit_is_refused()
    {
        var options = JsonSchemaOptions.Default with { MaxSubschemas = 3, MaxSchemaLength = 100, MaxDepth = 4 };
        Assert.Equal(3, Compile("""{"items":{"items":{}}}""", options).SubschemaCount);
        Assert.Contains("more than 3 subschemas", Assert.Throws<JsonSchemaException>(() => Compile("""{"anyOf":[{},{},{}]}""", options)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 100", Assert.Throws<JsonSchemaException>(() => Compile(new string(' ', 100) + "{}", options)).Message, StringComparison.Ordinal);
        Assert.Contains("deeper than 4", Assert.Throws<JsonSchemaException>(() => Compile("""{"not":{"not":{"not":{"not":{}}}}}""", options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolver_that_fails_is_named()
    {
        var options = JsonSchemaOptions.Default with { Resolver = static _ => throw new InvalidOperationException("disk gone") };
        var e = Assert.Throws<JsonSchemaException>(() => Compile("""{"$ref":"http://example.com/x"}""", options));
        Assert.Equal(("http://example.com/x#: the resolver failed: disk gone", true), (e.Message, e.InnerException is InvalidOperationException));
    }

    private static JsonSchema Compile(string schema, JsonSchemaOptions? options = null) => JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), options);
}
