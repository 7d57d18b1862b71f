using System.Text;
using Peregrine.Cli.Calling;

namespace Peregrine.Cli.Tests.Calling;

public sealed class ArgumentReaderTests
{
    private const string Greet = """{"type":"object","properties":{"name":{"type":"string"},"times":{"type":"integer"}},"required":["name"]}""";
    private const string Closed = """{"type":"object","properties":{"name":{"type":"string"},"times":{"type":"integer"}},"required":["name"],"additionalProperties":false}""";

    /// <summary>As FastMCP and Pydantic write optional and nested parameters.</summary>
    private const string Pydantic = """
        {"type":"object","properties":{
          "title":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null},
          "tags":{"anyOf":[{"items":{"type":"string"},"type":"array"},{"type":"null"}]},
          "either":{"anyOf":[{"type":"integer"},{"type":"string"}]},
          "place":{"$ref":"#/$defs/Place"},
          "maybe":{"anyOf":[{"$ref":"#/$defs/Place"},{"type":"null"}]},
          "colour":{"allOf":[{"$ref":"#/$defs/Colour"}],"default":"red"},
          "circle":{"$ref":"#/$defs/Circle"},
          "any":true
         },
         "$defs":{"Place":{"type":"object","properties":{"city":{"type":"string"},"zip":{"type":"integer"}}},
                  "Colour":{"enum":["red","green"],"type":"string"},
                  "Circle":{"$ref":"#/$defs/Circle"}}}
        """;

    [Theory]
    [InlineData(Greet, "name=x", """{"name":"x"}""")]
    [InlineData(Greet, "name=17 times=17", """{"name":"17","times":17}""")]
    [InlineData(Pydantic, "title=17", """{"title":"17"}""")]
    [InlineData(Pydantic, "title=true", """{"title":"true"}""")]
    [InlineData(Pydantic, "title=\"x\"", """{"title":"\u0022x\u0022"}""")]
    [InlineData(Pydantic, "title=null", """{"title":null}""")]
    [InlineData(Pydantic, "tags=a tags=2", """{"tags":["a","2"]}""")]
    [InlineData(Pydantic, "tags=[\"a\"]", """{"tags":["a"]}""")]
    [InlineData(Pydantic, "either=5", """{"either":5}""")]
    [InlineData(Pydantic, "either=5.5", """{"either":"5.5"}""")]
    [InlineData(Pydantic, "place.city=1 place.zip=1", """{"place":{"city":"1","zip":1}}""")]
    [InlineData(Pydantic, "maybe.city=Oslo", """{"maybe":{"city":"Oslo"}}""")]
    [InlineData(Pydantic, "colour=green", """{"colour":"green"}""")]
    [InlineData(Pydantic, "circle=[1] any=2", """{"circle":[1],"any":2}""")]
    [InlineData("", "a=1 b=x c.d=null", """{"a":1,"b":"x","c.d":null}""")]
    [InlineData("""{"type":"object"}""", "a=1", """{"a":1}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"}},"additionalProperties":true}""", "b=1", """{"b":1}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"}},"patternProperties":{"^x-":{}}}""", "x-b=1", """{"x-b":1}""")]
    public void Values_are_read_as_the_schema_says(string schema, string words, string expected)
    {
        Assert.Equal(expected, Read(schema, words, out var message));
        Assert.Empty(message);
    }

    [Theory]
    [InlineData(Greet, "nmae=x", "name is required, and there is no argument \"nmae\"; is name meant?")]
    [InlineData(Closed, "nmae=x", "name is required, and there is no argument \"nmae\"; is name meant?")]
    [InlineData(Closed, "name=x tmes=2", "there is no argument \"tmes\"; is times meant?")]
    [InlineData(Closed, "name=x colour=2", "there is no argument \"colour\"; there are name, times")]
    [InlineData("""{"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false}""", "m=1", "there is no argument \"m\"; there is n")]
    [InlineData("""{"type":"object","additionalProperties":false}""", "m=1", "there is no argument \"m\"; there are none")]
    [InlineData("""{"type":"object","properties":{"at":{"type":"object","properties":{"city":{}},"additionalProperties":false}}}""", "at.ctiy=x", "there is no argument \"at.ctiy\"; is city meant?")]
    [InlineData(Greet, "name=x times=often", "times takes an integer; found \"often\"")]
    [InlineData(Pydantic, "colour=gren", "colour takes one of red, green; found \"gren\"; is green meant?")]
    [InlineData(Pydantic, "tags=a place=5", "place takes a JSON object; found \"5\"")]
    [InlineData("""{"type":"object","properties":{"n":{"enum":[1,2],"type":"integer"}}}""", "n=3", "n takes one of 1, 2; found \"3\"")]
    public void What_does_not_fit_is_said_and_not_sent(string schema, string words, string expected)
    {
        Assert.Null(Read(schema, words, out var message));
        Assert.Equal(expected, message);
    }

    [Theory]
    [InlineData("name=x tmes=2", "there is no argument \"tmes\"; is times meant? It was sent all the same.")]
    [InlineData("name=x colour=2", "there is no argument \"colour\"; there are name, times. It was sent all the same.")]
    public void What_the_server_may_yet_know_is_sent_with_a_remark(string words, string expected)
    {
        Assert.NotNull(Read(Greet, words, out var message));
        Assert.Equal(expected, message);
    }

    private static string? Read(string schema, string words, out string message)
    {
        var pairs = words.Split(' ').Select(static word => new KeyValuePair<string, string>(word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..])).ToArray();
        return ArgumentReader.TryRead(Encoding.UTF8.GetBytes(schema), pairs, out message) is { } read ? Encoding.UTF8.GetString(read) : null;
    }
}
