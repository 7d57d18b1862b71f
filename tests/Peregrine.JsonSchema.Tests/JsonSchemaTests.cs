using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Peregrine.JsonSchema.Tests;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"properties":{"city":{"type":"string"}}}""", """{"city":42}""", "/city: expected a string, found 42")]
    [InlineData("""{"type":["object","null"]}""", "[1]", "/: expected null or an object, found an array")]
    [InlineData("""{"type":"integer"}""", "1.5", "/: expected an integer, found 1.5")]
    [InlineData("""{"required":["a","b"]}""", """{"a":1}""", "/: the property \"b\" is missing")]
    [InlineData("""{"required":["name"]}""", """{"nmae":1}""", "/: the property \"name\" is missing; found \"nmae\", did you mean \"name\"?")]
    [InlineData("""{"required":["name"]}""", """{"names":1,"N\u0041ME":1}""", "/: the property \"name\" is missing; found \"NAME\", did you mean \"name\"?")]
    [InlineData("""{"properties":{"names":true},"required":["name"]}""", """{"names":1}""", "/: the property \"name\" is missing")]
    [InlineData("""{"properties":{"in":{"required":["name"]}}}""", """{"nmae":{"name":1},"in":{"\ud800":1,"nmae":{"nam":1}}}""", "/in: the property \"name\" is missing; found \"nmae\", did you mean \"name\"?")]
    [InlineData("""{"properties":{"color":true},"additionalProperties":false}""", """{"colour":1}""", "/colour: the property \"colour\" is not allowed; allowed are \"color\"")]
    [InlineData("""{"enum":["on","off",1]}""", "\"of\"", "/: expected one of \"on\", \"off\", 1, found \"of\"")]
    [InlineData("""{"const":{"a":1}}""", "{}", "/: expected an object, found an empty object")]
    [InlineData("""{"minimum":1.50}""", "1", "/: expected 1.50 or more, found 1")]
    [InlineData("""{"exclusiveMaximum":3}""", "3", "/: expected less than 3, found 3")]
    [InlineData("""{"multipleOf":0.01}""", "0.015", "/: expected a multiple of 0.01, found 0.015")]
    [InlineData("""{"minLength":1}""", "\"\"", "/: expected at least 1 character, found \"\"")]
    [InlineData("""{"maxLength":2}""", "\"abc\"", "/: expected at most 2 characters, found 3: \"abc\"")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"A\"", "/: expected text that matches the pattern ^[a-z]+$, found \"A\"")]
    [InlineData("""{"items":{"type":"null"}}""", "[null,1]", "/1: expected null, found 1")]
    [InlineData("""{"minItems":2}""", "[1]", "/: expected at least 2 items, found 1")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", "/: expected items that differ, but items 0 and 2 are equal")]
    [InlineData("""{"contains":{"type":"null"}}""", "[1]", "/: expected at least one item that matches the schema of \"contains\"")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "/: expected at most 1 property, found 2")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "/: the name \"ab\": expected at most 1 character, found 2: \"ab\"")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "/: the property \"b\" is missing; \"a\" requires it")]
    [InlineData("""{"properties":{"a/b":false}}""", """{"a/b":1}""", "/a~1b: nothing is allowed here, found 1")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "/: expected to match one of the 2 alternatives only, but matches numbers 1 and 2")]
    [InlineData("""{"not":{"type":"null"}}""", "null", "/: must not match the schema of \"not\", but does: null")]
    [InlineData("""{"type":"object"}""", """{"a":}""", "/: not JSON that is taken: unexpected '}' at byte 5.")]
    public void A_violation_says_what_was_expected_where(string schema, string instance, string expected)
    {
        var result = Compile(schema).Validate(Encoding.UTF8.GetBytes(instance));
        Assert.Equal(expected, result.Errors[0].ToString());
        Assert.False(Compile(schema).IsValid(Encoding.UTF8.GetBytes(instance)));
    }

    [Fact]
    public void All_violations_are_named_with_both_locations()
    {
        var schema = Compile("""
            {"$id":"http://example.com/order","properties":{"a":{"$ref":"#/$defs/small"},"b":{"items":{"type":"string"}}},"required":["c"],
             "$defs":{"small":{"maximum":10,"multipleOf":2}}}
            """);
        var errors = schema.Validate("""{"a":11,"b":["x",1,2]}"""u8).Errors;
        Assert.Equal(
            [
                ("/a", "/properties/a/$ref/maximum", "http://example.com/order#/$defs/small/maximum"),
                ("/a", "/properties/a/$ref/multipleOf", "http://example.com/order#/$defs/small/multipleOf"),
                ("/b/1", "/properties/b/items/type", "http://example.com/order#/properties/b/items/type"),
                ("/b/2", "/properties/b/items/type", "http://example.com/order#/properties/b/items/type"),
                ("", "/required", "http://example.com/order#/required"),
            ],
            errors.Select(static e => (e.InstanceLocation, e.KeywordLocation, e.AbsoluteKeywordLocation)));
    }

    [Fact]
    public void A_name_in_place_of_a_missing_one_is_looked_for_among_the_first_members()
    {
        var schema = Compile("""{"required":["name"]}""");
        var others = string.Concat(Enumerable.Range(0, 63).Select(static i => $"\"other{i}\":0,"));
        Assert.EndsWith("did you mean \"name\"?", Message($"{{{others}\"nmae\":0}}"), StringComparison.Ordinal);
        Assert.Equal("the property \"name\" is missing", Message($"{{{others}\"more\":0,\"nmae\":0}}"));
        Assert.Equal("the property \"name\" is missing", Message($"{{\"{new string('n', 1_000)}\":0}}"));

        string Message(string instance) => schema.Validate(Encoding.UTF8.GetBytes(instance)).Errors[0].Message;
    }

    [Fact]
    public void A_reader_gives_one_value_after_the_other()
    {
        var schema = Compile("""{"type":"object","required":["a"]}""");
        var reader = new Utf8JsonReader("""[{"a":[1,2]},{"b":1},{"a":{}}] """u8);
        reader.Read();
        reader.Read();

        Assert.True(schema.IsValid(ref reader));
        Assert.Equal(JsonTokenType.EndObject, reader.TokenType);
        reader.Read();
        Assert.Equal("/: the property \"a\" is missing", schema.Validate(ref reader).Errors[0].ToString());
        reader.Read();
        Assert.True(schema.Validate(ref reader, 1).IsValid);
        Assert.True(reader.Read());
        Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
        Assert.ThrowsAny<JsonException>(() =>
        {
            var broken = new Utf8JsonReader("""{"a":"""u8);
            return schema.IsValid(ref broken);
        });
    }

    [Fact]
    public void As_many_errors_are_named_as_wanted()
    {
        var schema = Compile("""{"items":{"type":"string"}}""");
        var one = schema.Validate("[1,2,3]"u8, 1);
        Assert.Equal(["/0: expected a string, found 1"], one.Errors.Select(static e => e.ToString()));
        Assert.True(one.IsTruncated);
        Assert.False(schema.Validate("[1,2,3]"u8, 3).IsTruncated);
        Assert.Equal(100, schema.Validate(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", 500)) + "]")).Errors.Count);
    }

    [Fact]
    public void Alternatives_that_failed_do_not_count_where_one_matched()
    {
        var schema = Compile("""{"properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]},"b":{"type":"string"}}}""");
        Assert.Equal(["/b: expected a string, found 1"], schema.Validate("""{"a":null,"b":1}"""u8).Errors.Select(static e => e.ToString()));
        Assert.Equal(
            ["/a: matches none of the 2 alternatives", "/a: expected a string, found 1", "/a: expected null, found 1"],
            schema.Validate("""{"a":1,"b":""}"""u8).Errors.Select(static e => e.ToString()));
    }

    [Fact]
    public void A_sequence_is_judged_like_its_bytes()
    {
        var schema = Compile("""{"properties":{"city":{"maxLength":4}}}""");
        var valid = """{"city":"Oslo"}"""u8.ToArray();
        var invalid = """{"city":"Bergen"}"""u8.ToArray();
        for (var cut = 0; cut <= valid.Length; cut++)
        {
            Assert.True(schema.IsValid(Split(valid, cut)));
            Assert.True(schema.Validate(Split(valid, cut)).IsValid);
            Assert.False(schema.IsValid(Split(invalid, cut)));
            Assert.Equal("/city", schema.Validate(Split(invalid, cut)).Errors[0].InstanceLocation);
        }
    }

    [Fact]
    public void One_schema_serves_many_threads()
    {
        var schema = Compile("""{"items":{"$ref":"#/$defs/x"},"uniqueItems":true,"$defs":{"x":{"pattern":"^a+$"}}}""");
        Parallel.For(0, 1000, i =>
        {
            var items = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(1, (i % 20) + 1).Select(static n => $"\"{new string('a', n)}\"")) + "]");
            Assert.True(schema.IsValid(items));
            Assert.False(schema.IsValid("""["a","b"]"""u8));
        });
    }

    [Fact]
    public void Faulty_options_are_refused_with_all_faults()
    {
        var options = JsonSchemaOptions.Default with
        {
            DefaultDraft = (JsonSchemaDraft)9, MaxSchemaLength = 0, MaxInstanceLength = 0, MaxDepth = 1000, MaxSubschemas = 0, MaxErrors = 0, MaxEvaluations = 0, PatternTimeout = TimeSpan.Zero,
        };
        Assert.Equal(8, options.Validate().Count);
        Assert.Throws<ArgumentException>(() => JsonSchema.Compile("true"u8.ToArray(), options));
        Assert.Empty(JsonSchemaOptions.Default.Validate());
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), null);
        var second = new Segment(bytes.AsMemory(cut), first);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private static JsonSchema Compile(string schema) => JsonSchema.Compile(Encoding.UTF8.GetBytes(schema));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
