using System.Text;
using Peregrine.Protocol.Headers;

namespace Peregrine.Protocol.Tests.Headers;

public sealed class HeaderValueTests
{
    [Theory]
    [InlineData("get_weather", "get_weather")]
    [InlineData("", "")]
    [InlineData("a b", "a b")]
    [InlineData("file:///a%20b?x=~", "file:///a%20b?x=~")]
    [InlineData(" a", "=?base64?IGE=?=")]
    [InlineData("a ", "=?base64?YSA=?=")]
    [InlineData("\ta", "=?base64?CWE=?=")]
    [InlineData("a\tb", "=?base64?YQli?=")]
    [InlineData("a\nb", "=?base64?YQpi?=")]
    [InlineData("\u007f", "=?base64?fw==?=")]
    [InlineData("Tromsø", "=?base64?VHJvbXPDuA==?=")]
    [InlineData("😀", "=?base64?8J+YgA==?=")]
    [InlineData("=?base64?YQ==?=", "=?base64?PT9iYXNlNjQ/WVE9PT89?=")]
    [InlineData("=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?=")]
    [InlineData("=?base64?x", "=?base64?x")]
    [InlineData("=?BASE64?YQ==?=", "=?BASE64?YQ==?=")]
    [InlineData("x?=", "x?=")]
    public void Encodes_what_a_header_cannot_carry_and_nothing_else(string value, string header)
    {
        Assert.Equal(header, HeaderValue.Encode(value));
        Assert.True(HeaderValue.TryDecode(header, out var decoded));
        Assert.Equal(value, decoded);
        Assert.True(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(value)));
        Assert.False(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(value + "x")));
    }

    [Theory]
    [InlineData("=?base64?YQ?=")] // no padding
    [InlineData("=?base64?YQ=?=")]
    [InlineData("=?base64?YQ===?=")]
    [InlineData("=?base64?YR==?=")] // bits that the decoder would drop
    [InlineData("=?base64?Y Q==?=")]
    [InlineData("=?base64? YQ==?=")]
    [InlineData("=?base64?Y\tQ=?=")]
    [InlineData("=?base64?_-8=?=")] // the URL alphabet
    [InlineData("=?base64?YQ==YQ==?=")]
    [InlineData("=?base64?====?=")]
    [InlineData("=?base64?é234?=")]
    public void Base64_is_strict(string header)
    {
        Assert.False(HeaderValue.TryDecode(header, out _));
        Assert.False(HeaderValue.Matches(header, "a"u8));
        Assert.False(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(header)));
    }

    [Fact]
    public void Invalid_utf8_inside_base64_is_refused()
    {
        Assert.False(HeaderValue.TryDecode("=?base64?/w==?=", out _));
        Assert.False(HeaderValue.Matches("=?base64?/w==?=", "\uFFFD"u8));
    }

    [Theory]
    [InlineData("=?base64??=", "")]
    [InlineData("  get_weather\t", "get_weather")]
    [InlineData("\t=?base64?YQ==?= ", "a")]
    [InlineData("=?base64?YQ==", "=?base64?YQ==")] // no end: literal
    [InlineData("=?Base64?YQ==?=", "=?Base64?YQ==?=")]
    [InlineData("=?base64?YWJj?=", "abc")] // needless, but valid
    public void Decodes(string header, string value)
    {
        Assert.True(HeaderValue.TryDecode(header, out var decoded));
        Assert.Equal(value, decoded);
        Assert.True(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(value)));
    }

    [Theory]
    [InlineData("Tromsø")]
    [InlineData("\u00f8")]
    public void A_bare_header_beyond_ascii_says_nothing(string header)
    {
        Assert.False(HeaderValue.TryDecode(header, out _));
        Assert.False(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(header)));
        Assert.False(HeaderValue.Matches(header, Encoding.Latin1.GetBytes(header)));
    }

    [Fact]
    public void Values_are_compared_by_case() => Assert.False(HeaderValue.Matches("Get_weather", "get_weather"u8));

    [Fact]
    public void Random_values_round_trip_and_their_headers_are_plain()
    {
        var random = new Random(8);
        for (var i = 0; i < 5_000; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => new Rune(random.Next(8) switch { 0 => random.Next(0x20), 1 => random.Next(0x10000, 0x110000), 2 => ' ', _ => random.Next(0x21, 0x180) }).ToString()));
            var header = HeaderValue.Encode(value);
            Assert.DoesNotContain(header, static c => c is < ' ' or > '~');
            Assert.Equal(header.Trim(), header);
            Assert.True(HeaderValue.TryDecode(header, out var decoded));
            Assert.Equal(value, decoded);
            Assert.True(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(value)));
        }
    }

    [Fact]
    public void Plain_headers_are_compared_without_allocating()
    {
        HeaderValue.Matches("get_weather", "get_weather"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var matches = HeaderValue.Matches("get_weather", "get_weather"u8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(matches);
    }
}
