using System.Text;

namespace Peregrine.JsonSchema.Tests.Compilation;

/// <summary>Objects composed of parts are judged in one pass where nobody asks for errors, and part by part where somebody does: both must say the same.</summary>
public sealed class ObjectMergerTests
{
    private static readonly string[] s_names = ["a", "b", "city", "aLongerName", "d"];

    private static readonly string[] s_values = ["1", "\"x\"", "null", "{}", "-3", "\"long enough\""];

    [Theory]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/base"}],"unevaluatedProperties":false,"$defs":{"base":{"properties":{"a":{"type":"integer"}},"required":["a"]}}}""")]
    [InlineData("""{"$ref":"#/$defs/order","$defs":{"order":{"allOf":[{"properties":{"a":{"type":"integer"}}}],"properties":{"b":true},"unevaluatedProperties":{"type":"string"}}}}""")]
    public void OfAComposedObjectEveryMemberIsJudgedOnce(string text)
    {
        var schema = JsonSchema.Compile(Encoding.UTF8.GetBytes(text));
        Assert.True(schema.IsValid("""{"a":1}"""u8));
        Assert.False(schema.IsValid("""{"a":"1"}"""u8));
        Assert.False(schema.IsValid("""{"a":1,"z":1}"""u8));
        Assert.True(schema.IsValid("[1]"u8));
    }

    [Fact]
    public void TheQuickAnswerAgreesWithTheCompleteOne()
    {
        var random = new Random(20_481);
        var valid = 0;
        const int Schemas = 3_000;
        const int Instances = 20;
        for (var i = 0; i < Schemas; i++)
        {
            var text = "{" + Body(random, 3) + ",\"$defs\":{\"p0\":{\"properties\":{\"a\":{\"type\":\"integer\"}}},\"p1\":{" + Body(random, 0) + "},\"p2\":{" + Body(random, 0) + "}}}";
            var schema = JsonSchema.Compile(Encoding.UTF8.GetBytes(text));
            for (var j = 0; j < Instances; j++)
            {
                var instance = Instance(random);
                var (quick, complete) = (schema.IsValid(Encoding.UTF8.GetBytes(instance)), schema.Validate(Encoding.UTF8.GetBytes(instance)).IsValid);
                Assert.True(quick == complete, $"{quick} quickly, {complete} completely: {instance} by {text}");
                valid += quick ? 1 : 0;
            }
        }

        Assert.InRange(valid, Schemas * Instances / 20, Schemas * Instances * 19 / 20);
    }

    private static string Body(Random random, int depth)
    {
        List<string> keywords = ["\"title\":\"t\""];
        if (random.Next(2) == 0)
        {
            keywords.Add("\"properties\":{" + string.Join(',', Some(random).Select(name => $"\"{name}\":{Value(random)}")) + "}");
        }

        Maybe(4, () => "\"required\":[" + string.Join(',', Some(random).Take(2).Select(static name => $"\"{name}\"")) + "]");
        Maybe(6, () => "\"type\":\"object\"");
        Maybe(6, () => "\"minProperties\":1");
        Maybe(6, () => "\"maxProperties\":3");
        Maybe(10, () => "\"additionalProperties\":" + Value(random));
        Maybe(12, () => "\"patternProperties\":{\"^a\":" + Value(random) + "}");
        if (depth > 0)
        {
            Maybe(2, () => "\"allOf\":[" + string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => "{" + Body(random, depth - 1) + "}")) + "]");
            Maybe(2, () => $"\"$ref\":\"#/$defs/p{random.Next(3)}\"");
            Maybe(3, () => "\"unevaluatedProperties\":" + Value(random));
            Maybe(12, () => "\"anyOf\":[{" + Body(random, 0) + "},{" + Body(random, 0) + "}]");
        }

        return string.Join(',', keywords);

        void Maybe(int oneOf, Func<string> keyword)
        {
            if (random.Next(oneOf) == 0)
            {
                keywords.Add(keyword());
            }
        }
    }

    private static IEnumerable<string> Some(Random random) => s_names.Where(_ => random.Next(2) == 0);

    private static string Value(Random random) => random.Next(6) switch
    {
        0 => "false",
        1 => """{"type":"integer"}""",
        2 => """{"type":"string","minLength":2}""",
        3 => """{"type":["integer","string"]}""",
        _ => "true",
    };

    private static string Instance(Random random) =>
        random.Next(10) == 0
            ? s_values[random.Next(s_values.Length)]
            : "{" + string.Join(',', Some(random).Append(random.Next(4) == 0 ? "z" : "d").Distinct().Select(name => $"\"{name}\":{s_values[random.Next(s_values.Length)]}")) + "}";
}
