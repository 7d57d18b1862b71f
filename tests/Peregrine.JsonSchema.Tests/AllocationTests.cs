using System.Text;

namespace Peregrine.JsonSchema.Tests;

public sealed class AllocationTests
{
    private const string Order = """
        {"type":"object","properties":{"id":{"type":"integer","minimum":1},"city":{"type":"string","minLength":1,"maxLength":80},"unit":{"enum":["celsius","fahrenheit"]},
        "price":{"multipleOf":0.01,"exclusiveMinimum":0},"tags":{"type":"array","uniqueItems":true,"contains":{"const":"x"}},"note":{"type":["string","null"],"pattern":"^[A-Z]"}},
        "required":["id","city"],"additionalProperties":false}
        """;

    private const string Item = """{"id": 12345, "city": "Troms\u00f8, Norway", "unit": "celsius", "price": 12.34, "tags": ["a","b","c","d","e","f","g","h","i","x"], "note": "Aaa"}""";

    public static TheoryData<string, string> Pairs => new()
    {
        { Order, Item },
        { $$"""{"items":{{Order}}}""", "[" + string.Join(',', Enumerable.Repeat(Item, 700)) + "]" },
        { """{"allOf":[{"properties":{"a":true}}],"anyOf":[{"required":["z"]},{"properties":{"b":true}}],"if":{"required":["a"]},"then":true,"unevaluatedProperties":false}""", """{"a":1,"b":2}""" },
        { """{"oneOf":[{"$ref":"#/$defs/n"},{"type":"null"}],"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#"}}}}}""", """{"next":{"next":{"next":null}}}""" },
        { """{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":false}""", """[1,"a","b"]""" },
        { """{"patternProperties":{"^x-":{"type":"number"}},"propertyNames":{"maxLength":9},"minProperties":1}""", """{"x-a":1,"x-b":1e400000000}""" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_valid_instance_allocates_nothing(string schema, string instance)
    {
        var compiled = JsonSchema.Compile(Encoding.UTF8.GetBytes(schema));
        var bytes = Encoding.UTF8.GetBytes(instance);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal("", compiled.Validate(bytes).ToString());
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            _ = compiled.IsValid(bytes);
            _ = compiled.Validate(bytes);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
