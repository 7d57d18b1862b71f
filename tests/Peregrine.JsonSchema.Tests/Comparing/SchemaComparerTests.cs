using System.Text;
using Peregrine.JsonSchema.Comparing;

namespace Peregrine.JsonSchema.Tests.Comparing;

public sealed class SchemaComparerTests
{
    private const string City = """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":14}},"required":["city"]}""";

    private const string Tree = """{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["value"]}}}""";

    public static TheoryData<string, string, SchemaChange> Pairs => new()
    {
        // What is written otherwise and means the same.
        { City, City, SchemaChange.Same },
        { City, """{"required":["city"],"properties":{"days":{"maximum":14.0,"minimum":1,"type":"integer","description":"How many"},"city":{"type":"string"}},"type":"object"}""", SchemaChange.Same },
        { """{"type":["integer","string"]}""", """{"anyOf":[{"type":"string"},{"type":"integer"}]}""", SchemaChange.Same },
        { """{"type":"integer","minimum":1}""", """{"type":"integer","exclusiveMinimum":0}""", SchemaChange.Same },
        { """{"type":"integer","minimum":0.5}""", """{"type":"integer","minimum":1}""", SchemaChange.Same },
        { """{"const":"a"}""", """{"enum":["a"]}""", SchemaChange.Same },
        { """{"type":"boolean"}""", """{"enum":[true,false]}""", SchemaChange.Same },
        { """{"allOf":[{"type":"string"},{"minLength":2}]}""", """{"type":"string","minLength":2}""", SchemaChange.Same },
        { """{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}""", """{"type":"string"}""", SchemaChange.Same },
        { """{"type":"string","if":{"minLength":3},"then":{"pattern":"^a"}}""", """{"type":"string","if":{"minLength":3},"then":{"pattern":"^a"}}""", SchemaChange.Same },
        { "true", "{}", SchemaChange.Same },
        { "false", """{"not":{}}""", SchemaChange.Same },
        { """{"type":"integer","multipleOf":1}""", """{"type":"integer"}""", SchemaChange.Same },
        { """{"type":"string","minLength":5,"maxLength":4}""", "false", SchemaChange.Same },
        { Tree, Tree.Replace("node", "knot", StringComparison.Ordinal), SchemaChange.Same },

        // Wider.
        { City, City.Replace(",\"required\":[\"city\"]", "", StringComparison.Ordinal), SchemaChange.Widened },
        { City, City.Replace("14", "30", StringComparison.Ordinal), SchemaChange.Widened },
        { City, City.Replace("\"string\"", "[\"string\",\"null\"]", StringComparison.Ordinal), SchemaChange.Widened },
        { """{"enum":["a","b"]}""", """{"enum":["a","b","c"]}""", SchemaChange.Widened },
        { """{"enum":["a","b"]}""", """{"type":"string"}""", SchemaChange.Widened },
        { """{"type":"integer"}""", """{"type":"number"}""", SchemaChange.Widened },
        { """{"type":"string","pattern":"^a"}""", """{"type":"string"}""", SchemaChange.Widened },
        { """{"type":"object","properties":{"a":{}},"additionalProperties":false}""", """{"type":"object","properties":{"a":{},"b":{"type":"string"}},"additionalProperties":false}""", SchemaChange.Widened },
        { """{"type":"array","items":{"type":"integer"},"maxItems":3}""", """{"type":"array","items":{"type":"number"},"maxItems":4}""", SchemaChange.Widened },
        { """{"type":"string"}""", """{"oneOf":[{"type":"string"},{"type":"integer"}]}""", SchemaChange.Widened },
        { Tree, Tree.Replace("\"integer\"", "\"number\"", StringComparison.Ordinal), SchemaChange.Widened },
        { """{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]}]}""",
            """{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"c"}},"required":["kind"]}]}""",
            SchemaChange.Widened },
        { """{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"properties":{"a":true,"b":true},"additionalProperties":false}""", SchemaChange.Widened },
        { """{"dependentRequired":{"a":["b","c"]}}""", """{"dependentRequired":{"a":["b"]}}""", SchemaChange.Widened },
        { """{"type":"array","contains":{"const":1},"minContains":2}""", """{"type":"array","contains":{"enum":[1,2]}}""", SchemaChange.Widened },
        { """{"propertyNames":{"enum":["a","b"]}}""", """{"propertyNames":{"maxLength":1}}""", SchemaChange.Widened },

        // Narrower.
        { City, City.Replace("[\"city\"]", "[\"city\",\"days\"]", StringComparison.Ordinal), SchemaChange.Narrowed },
        { City, City.Replace("{\"type\":\"string\"}", "{\"type\":\"string\",\"minLength\":1}", StringComparison.Ordinal), SchemaChange.Narrowed },
        { City, City[..^1] + ",\"additionalProperties\":false}", SchemaChange.Narrowed },
        { """{"enum":["a","b"]}""", """{"enum":["a"]}""", SchemaChange.Narrowed },
        { """{"type":"object","additionalProperties":{"type":"string"}}""", """{"type":"object","additionalProperties":{"type":"string","maxLength":3}}""", SchemaChange.Narrowed },
        { """{"type":"array"}""", """{"type":"array","uniqueItems":true}""", SchemaChange.Narrowed },

        // Neither.
        { City, City.Replace("\"string\"", "\"integer\"", StringComparison.Ordinal), SchemaChange.Changed },
        { City, City.Replace("city", "town", StringComparison.Ordinal), SchemaChange.Changed },
        { """{"enum":["a","b"]}""", """{"enum":["b","c"]}""", SchemaChange.Changed },
        { """{"type":"integer","minimum":1,"maximum":5}""", """{"type":"integer","minimum":2,"maximum":6}""", SchemaChange.Changed },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TwoSchemasAreJudgedByWhatTheyTake(string before, string after, SchemaChange expected)
    {
        var comparison = Compare(before, after);

        Assert.True(comparison.Change == expected, $"{comparison.Change} ({comparison.TakesAllOld}, {comparison.TakesOnlyOld}; {comparison.RefusedNow}; {comparison.TakenNow})");
        var back = Compare(after, before);
        Assert.Equal(comparison.TakesAllOld, back.TakesOnlyOld);
        Assert.Equal(comparison.TakesOnlyOld, back.TakesAllOld);
    }

    [Fact]
    public void WhatCannotBeShownIsUnknown()
    {
        var comparison = Compare("""{"type":"string","pattern":"^(ab)+$"}""", """{"type":"string","pattern":"^(ab)(ab)*$"}""");

        Assert.Equal(SchemaInclusion.Unknown, comparison.TakesAllOld);
        Assert.Equal(SchemaChange.Unknown, comparison.Change);
        Assert.Null(comparison.RefusedNow);
    }

    [Fact]
    public void AFailureComesWithAnInstance()
    {
        var comparison = Compare(City, City.Replace("14", "7", StringComparison.Ordinal));

        Assert.Equal(SchemaInclusion.Fails, comparison.TakesAllOld);
        Assert.True(JsonSchema.Compile(Encoding.UTF8.GetBytes(City)).IsValid(Encoding.UTF8.GetBytes(comparison.RefusedNow!)));
        Assert.Null(comparison.TakenNow);
    }

    [Fact]
    public void DifferencesAreTheSmallestValuesThatDiffer()
    {
        var after = """{"type":"object","properties":{"city":{"type":"string","description":"A city"},"days":{"type":"integer","minimum":1,"maximum":7},"unit":{"enum":["C","F"]}},"required":["city","unit"]}""";

        var differences = Compare(City, after).Differences;

        Assert.Equal(
            [
                """/properties/city/description: (absent) → "A city" """.TrimEnd(),
                "/properties/days/maximum: 14 → 7",
                """/properties/unit: (absent) → {"enum":["C","F"]}""",
                """/required: ["city"] → ["city","unit"]""",
            ],
            differences.Select(static difference => difference.ToString()));
        Assert.Equal([true, false, false, false], differences.Select(static difference => difference.IsAnnotation));
    }

    [Fact]
    public void APropertyCalledLikeAKeywordIsNoAnnotation()
    {
        var difference = Assert.Single(Compare("""{"properties":{"description":{"type":"string"}}}""", """{"properties":{"description":{"type":"null"}}}""").Differences);

        Assert.False(difference.IsAnnotation);
    }

    [Fact]
    public void DynamicReferencesAreComparedByTheirTextOnly()
    {
        const string Dynamic = """{"$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}}}""";

        Assert.Equal(SchemaChange.Same, Compare(Dynamic, Dynamic).Change);
        Assert.Equal(SchemaInclusion.Unknown, Compare(Dynamic, Dynamic.Replace("\"a\"", "\"a\":true,\"b\"", StringComparison.Ordinal)).TakesAllOld);
    }

    [Fact]
    public void ASchemaThatNeedsTooMuchWorkIsUnknownSoon()
    {
        // Each of 3^9 combinations would have to be looked at: more than is tried.
        static string Schema(string title) => $$"""{"type":"object","allOf":[{{string.Join(',', Enumerable.Range(0, 9).Select(i => $$"""{"title":"{{title}}","anyOf":[{"required":["a{{i}}"]},{"required":["b{{i}}"]},{"required":["c{{i}}"]}]}"""))}}]}""";

        Assert.Equal(SchemaChange.Unknown, Compare(Schema("before"), Schema("after")).Change);
    }

    private static SchemaComparison Compare(string before, string after) => SchemaComparer.Compare(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after));
}
