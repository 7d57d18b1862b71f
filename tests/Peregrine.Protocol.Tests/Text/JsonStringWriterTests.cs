using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Tests.Text;

public sealed class JsonStringWriterTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain é 😀 / <>&'\u007f\u2028", "\"plain é 😀 / <>&'\u007f\u2028\"")]
    [InlineData("\"\\\n\r\t\b\f\0\u001f", "\"\\\"\\\\\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\"")]
    public void Escapes_only_what_json_demands(string text, string json)
    {
        Assert.Equal(json, FromChars(text));
        Assert.Equal(json, FromBytes(text));
    }

    // Not inline data: an attribute cannot hold a lone surrogate.
    [Fact]
    public void Lone_surrogates_become_replacement_characters() => Assert.Equal("\"a\uFFFDb\uFFFD\"", FromChars("a\ud800b\udc00"));

    [Fact]
    public void Random_strings_parse_back_equal()
    {
        var random = new Random(9);
        for (var i = 0; i < 4_000; i++)
        {
            AssertParsesBack(RandomText(random, random.Next(60)));
        }

        foreach (var length in new[] { 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 100_000, 200_001 })
        {
            AssertParsesBack(RandomText(random, length));
            AssertParsesBack(new string('x', length));
            AssertParsesBack(new string('"', length));
        }
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Surrogates_across_the_piece_boundary(int shift)
    {
        var head = new string('a', (32 * 1024) + shift);
        foreach (var middle in new[] { "😀", "😀😀", "\ud83d", "\ude00", "\ud83d\ud83d\ude00", "\ud83d\"", "\n😀" })
        {
            AssertParsesBack(head + middle + new string('b', 40_000));
            AssertParsesBack(head + middle);
        }
    }

    // Short texts are searched otherwise than long ones, and their rest otherwise than their beginning.
    [Fact]
    public void What_must_be_escaped_is_found_at_every_place_of_every_short_length()
    {
        foreach (var special in "\0\u001f\"\\")
        {
            for (var length = 1; length <= 70; length++)
            {
                for (var at = 0; at < length; at++)
                {
                    AssertParsesBack(new string('\u007f', at) + special + new string('\u0080', length - at - 1));
                }
            }
        }
    }

    [Fact]
    public void Content_has_no_quotes()
    {
        using var writer = new PooledByteWriter();
        JsonStringWriter.WriteContent(writer, "a\"");
        JsonStringWriter.WriteContent(writer, "b\n"u8);
        Assert.Equal("a\\\"b\\n", Encoding.UTF8.GetString(writer.WrittenSpan));
    }

    private static string RandomText(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)(random.Next(6) switch
    {
        0 => random.Next(0x20),
        1 => random.Next(0xD800, 0xE000),
        2 => random.Next(0x80, 0x10000),
        3 => "\"\\/"[random.Next(3)],
        _ => random.Next(0x20, 0x7F),
    }))]);

    private static void AssertParsesBack(string text)
    {
        // What System.Text.Json makes of the text: lone surrogates become U+FFFD.
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(FromChars(text)));
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(FromBytes(text)));
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text)));
    }

    private static string FromChars(string text)
    {
        using var writer = new PooledByteWriter();
        JsonStringWriter.WriteString(writer, text);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static string FromBytes(string text)
    {
        using var writer = new PooledByteWriter();
        JsonStringWriter.WriteString(writer, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }
}
