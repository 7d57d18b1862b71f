using Peregrine.Server.Content;

namespace Peregrine.Server.Tests.Content;

public sealed class Utf8JsonTests
{
    [Theory]
    [InlineData("{\"a\":\n[1,\r\n2]}", "{\"a\": [1,  2]}")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("12", "12")]
    public void Value_is_copied_onto_one_line(string json, string text) => Assert.Equal(text, Utf8Json.Parse(json).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("nothing")]
    public void What_is_no_value_is_refused(string json) => Assert.Throws<ArgumentException>(() => Utf8Json.Parse(json));

    [Fact]
    public void Default_is_null()
    {
        Assert.Equal("null", default(Utf8Json).ToString());
        Assert.Equal(Utf8Json.Parse("null"), default);
        Assert.Equal(3, Utf8Json.Parse("[1,2,3]").ToElement().GetArrayLength());
    }
}
