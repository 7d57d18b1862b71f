using System.Globalization;
using System.Text;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Dispatch;

/// <summary>What tools return, as it arrives.</summary>
public sealed class ToolResultTests
{
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task EveryCharacterArrives(Wire wire)
    {
        var text = new StringBuilder();
        for (var c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 0x101)
        {
            if (Rune.IsValid(c))
            {
                text.Append(char.ConvertFromUtf32(c));
            }
        }

        var expected = text.ToString();
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("chars", call => call.ReturnText(expected)),
            new DelegateTool("bytes", call => call.ReturnText(Encoding.UTF8.GetBytes(expected)))), wire);

        Assert.Equal(expected, (await peer.AskAsync(Messages.Call("chars"))).Text());
        Assert.Equal(expected, (await peer.AskAsync(Messages.StatelessCall("bytes"))).Text());
    }

    // Units by number: the metadata of an attribute could not hold half a character.
    [Theory]
    [InlineData("\uFFFD", 0xD800)]
    [InlineData("a\uFFFDb", 0x61, 0xDFFF, 0x62)]
    [InlineData("\uFFFD\uFFFD", 0xDC00, 0xD800)]
    [InlineData("x\uFFFD", 0x78, 0xD83D)]
    public async Task ALoneSurrogateIsReplaced(string expected, params int[] units)
    {
        var text = string.Concat(units.Select(static unit => (char)unit));
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("text", call => call.ReturnText(text))));

        Assert.Equal(expected, (await peer.AskAsync(Messages.Call("text"))).Text());
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AMebibyteGoesBothWays(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);
        var text = string.Create(1 << 20, 0, static (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = (char)('a' + (i % 26));
            }
        });

        var sending = peer.SendAsync(Messages.Call("echo", "1", $$"""{"message":"{{text}}"}"""));
        var reply = await peer.ReceiveAsync();
        await sending;

        Assert.Equal(text, reply.Text());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ValuesAreWrittenInTheInvariantForm()
    {
        var before = CultureInfo.CurrentCulture;
        var format = (CultureInfo)before.Clone();
        format.NumberFormat.NumberDecimalSeparator = ",";
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("double", call =>
            {
                CultureInfo.CurrentCulture = format;
                call.ReturnValue(1.5);
                CultureInfo.CurrentCulture = before;
            }),
            new DelegateTool("bool", call => call.ReturnValue(true)),
            new DelegateTool("decimal", call => call.ReturnValue(decimal.MinValue)),
            new DelegateTool("long", call => call.ReturnValue(new Long()))));

        Assert.Equal("1.5", (await peer.AskAsync(Messages.Call("double"))).Text());
        Assert.Equal("true", (await peer.AskAsync(Messages.Call("bool"))).Text());
        Assert.Equal("-79228162514264337593543950335", (await peer.AskAsync(Messages.Call("decimal"))).Text());
        Assert.Equal(new string('9', 1000), (await peer.AskAsync(Messages.Call("long"))).Text());
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("nothing")]
    [InlineData("later")]
    public async Task ATextIsNotNeeded(string tool)
    {
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("silent", static _ => { }),
            new DelegateTool("nothing", static call => call.ReturnNothing()),
            new DelegateTool("later", static async _ => await Task.Yield())));

        Assert.Equal("""{"content":[]}""", (await peer.AskAsync(Messages.Call(tool))).Result().GetRawText());
    }

    [Fact]
    public async Task TheStatelessResultHasItsSuffix()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        await peer.SendAsync(Messages.StatelessCall("echo", "\"x\"", """{"message":"m"}"""));

        Assert.Equal("""
            {"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"m"}],"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"test-server","version":"1.2.3"}}}}
            """.Trim(), await peer.ReceiveLineAsync());
    }

    /// <summary>A number with more digits than any buffer on the stack has room for.</summary>
    private readonly struct Long : IUtf8SpanFormattable, IFormattable
    {
        public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        {
            bytesWritten = 0;
            return false;
        }

        public string ToString(string? format, IFormatProvider? formatProvider) => new('9', 1000);
    }
}
