using System.Text;
using System.Text.Json;

namespace Peregrine.JsonSchema.Tests;

/// <summary>Results as draft 2020-12 shapes them (core, section 12.4).</summary>
public sealed class OutputFormatTests
{
    private static readonly JsonSchema Schema = JsonSchema.Compile(
        """
        {"$id":"http://example.com/o","properties":{
          "a":{"anyOf":[{"type":"string"},{"oneOf":[{"required":["x"]},{"maxProperties":0,"required":["y"]}]}]},
          "b":{"type":"string"}}}
        """u8.ToArray());

    [Theory]
    [InlineData(OutputFormat.Flag)]
    [InlineData(OutputFormat.Basic)]
    [InlineData(OutputFormat.Detailed)]
    public void AValidInstanceHasNoErrors(OutputFormat format) => Assert.Equal("""{"valid":true}""", Write("""{"a":"","b":""}""", format));

    [Fact]
    public void AFlagSaysNoMore() => Assert.Equal("""{"valid":false}""", Write("""{"b":1}""", OutputFormat.Flag));

    [Fact]
    public void BasicIsAFlatList()
    {
        Assert.Equal(
            """
            {"valid":false,"errors":[{"valid":false,"keywordLocation":"/properties/b/type","absoluteKeywordLocation":"http://example.com/o#/properties/b/type","instanceLocation":"/b","error":"expected a string, found 1"}]}
            """.Trim(),
            Write("""{"b":1}""", OutputFormat.Basic));
        Assert.Equal(
            "[/properties/a/anyOf,/properties/a/anyOf/0/type,/properties/a/anyOf/1/oneOf,/properties/a/anyOf/1/oneOf/0/required,/properties/a/anyOf/1/oneOf/1/maxProperties,/properties/a/anyOf/1/oneOf/1/required,/properties/b/type]",
            Shape("""{"a":{"z":0},"b":1}""", OutputFormat.Basic));
    }

    [Fact]
    public void DetailedHasTheShapeOfTheSchema() => Assert.Equal(
        "[/properties/a/anyOf[/properties/a/anyOf/0/type,/properties/a/anyOf/1/oneOf[/properties/a/anyOf/1/oneOf/0/required,/properties/a/anyOf/1/oneOf/1/maxProperties,/properties/a/anyOf/1/oneOf/1/required]],/properties/b/type]",
        Shape("""{"a":{"z":0},"b":1}""", OutputFormat.Detailed));

    private static string Write(string instance, OutputFormat format)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            Schema.Validate(Encoding.UTF8.GetBytes(instance)).WriteTo(writer, format);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    // The keyword locations of the errors, those below another in brackets behind it.
    private static string Shape(string instance, OutputFormat format)
    {
        using var document = JsonDocument.Parse(Write(instance, format));
        return Shape(document.RootElement);
    }

    private static string Shape(JsonElement unit)
    {
        Assert.False(unit.GetProperty("valid").GetBoolean());
        var at = unit.TryGetProperty("keywordLocation", out var location) ? location.GetString() : "";
        return unit.TryGetProperty("errors", out var errors) ? $"{at}[{string.Join(',', errors.EnumerateArray().Select(Shape))}]" : at!;
    }
}
