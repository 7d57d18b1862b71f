using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Tests.Text;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"abc é 😀\"", "abc é 😀")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t")]
    [InlineData("\"x\\u0041\\u00e9\\u20AC\\ud83d\\uDE00y\"", "xAé€😀y")]
    public void Reads_strings(string raw, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        Assert.True(JsonText.TryGetString(bytes, out var text));
        Assert.Equal(expected, text);
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(raw));
        Assert.True(JsonText.TryGetContent(bytes, new byte[bytes.Length], out var content));
        Assert.Equal(expected, Encoding.UTF8.GetString(content));
        Assert.True(JsonText.ContentEquals(bytes, Encoding.UTF8.GetBytes(expected)));
        Assert.False(JsonText.ContentEquals(bytes, Encoding.UTF8.GetBytes(expected + "x")));
        Assert.True(JsonText.IsString(bytes));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud800x\"")]
    [InlineData("\"\\ud800\\n1234\"")]
    [InlineData("\"\\ud800\\u0041\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    public void What_is_no_proper_text_is_refused(string raw)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        Assert.False(JsonText.TryGetString(bytes, out _));
        Assert.False(JsonText.TryGetContent(bytes, new byte[64], out _));
        Assert.False(JsonText.ContentEquals(bytes, "x"u8));
    }

    [Theory]
    [InlineData("\"name\"", true)]
    [InlineData("\"n\\u0061me\"", true)]
    [InlineData("\"\\u006e\\u0061\\u006d\\u0065\"", true)]
    [InlineData("\"\\u006e\\u0061\\u006d\\u0065\\u0065\"", false)]
    [InlineData("\"Name\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"\\ud800\"", false)]
    [InlineData("\"\\udc00name\"", false)]
    [InlineData("\"name\\ud800\"", false)]
    public void A_reader_stands_at_a_text_or_not(string raw, bool expected)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"{{{raw}:{raw}}}"));
        reader.Read();
        reader.Read();
        Assert.Equal(expected, JsonText.TokenEquals(reader, "name"u8));
        reader.Read();
        Assert.Equal(expected, JsonText.TokenEquals(reader, "name"u8));
    }

    [Fact]
    public void Long_escaped_strings()
    {
        var text = string.Concat(Enumerable.Repeat("line\n", 1000));
        var raw = JsonSerializer.SerializeToUtf8Bytes(text);
        Assert.True(JsonText.TryGetString(raw, out var read));
        Assert.Equal(text, read);
        Assert.True(JsonText.ContentEquals(raw, Encoding.UTF8.GetBytes(text)));
        Assert.False(JsonText.ContentEquals(raw, "line"u8));
    }

    [Theory]
    [InlineData("\"ab\\n\"", 3)]
    [InlineData("\"\\u20AC\"", 3)]
    [InlineData("\"\\nabc\"", 4)]
    public void Content_that_does_not_fit_is_refused(string raw, int needed)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        Assert.True(JsonText.TryGetContent(bytes, new byte[needed], out _));
        for (var room = 0; room < needed; room++)
        {
            Assert.False(JsonText.TryGetContent(bytes, new byte[room], out _));
        }
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Integers(string raw, long expected)
    {
        Assert.True(JsonText.TryGetInt64(Encoding.UTF8.GetBytes(raw), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_no_integer_is_refused(string raw) => Assert.False(JsonText.TryGetInt64(Encoding.UTF8.GetBytes(raw), out _));

    [Fact]
    public void Objects()
    {
        Assert.True(JsonText.IsObject("{}"u8));
        Assert.False(JsonText.IsObject("[]"u8));
        Assert.False(JsonText.IsObject(default));
    }
}
