using System.Buffers;
using System.Text;
using System.Text.Json;
using Peregrine.Generators.Tests.Serving;
using Peregrine.Protocol.Versions;

namespace Peregrine.Generators.Tests.Results;

/// <summary>Results whose items come one after the other, where the reply has a stream to itself.</summary>
public sealed class StreamTests
{
    private static readonly ToolServer Server = ToolServer.Of<ResultTools>();

    [Theory]
    [InlineData(ProtocolVersion.V2025_11_25)]
    [InlineData(ProtocolVersion.V2026_07_28)]
    public async Task Items_are_sent_as_they_come(ProtocolVersion version)
    {
        var (pieces, result) = await PullAsync("texts", """{"count":3}""", version);
        Assert.Equal(4, pieces);
        Assert.Equal(["text 0", "text 1", "text 2"], result.GetProperty("content").EnumerateArray().Select(static block => block.GetProperty("text").GetString()));
        Assert.False(result.TryGetProperty("isError", out _));
    }

    [Fact]
    public async Task Failure_on_the_way_comes_last()
    {
        var (_, result) = await PullAsync("failing", "{}", ProtocolVersion.V2025_11_25);
        Assert.Equal(["1", "No more."], result.GetProperty("content").EnumerateArray().Select(static block => block.GetProperty("text").GetString()));
        Assert.True(result.GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task Length_has_no_bound()
    {
        var (pieces, result) = await PullAsync("long", "{}", ProtocolVersion.V2025_11_25);
        Assert.Equal((101, 100), (pieces, result.GetProperty("content").GetArrayLength()));
    }

    private static async Task<(int Pieces, JsonElement Result)> PullAsync(string tool, string arguments, ProtocolVersion version)
    {
        using var exchange = new StreamingExchange($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""", version);
        await Server.Server.RespondAsync(exchange);
        var body = new ArrayBufferWriter<byte>();
        body.Write(exchange.Reply.WrittenSpan);
        var pieces = 1;
        while (await exchange.StreamedResult!.WriteNextAsync(body, CancellationToken.None))
        {
            pieces++;
        }

        body.Write("}"u8);
        using var reply = JsonDocument.Parse(body.WrittenMemory);
        Assert.DoesNotContain('\n', Encoding.UTF8.GetString(body.WrittenSpan));
        return (pieces, reply.RootElement.GetProperty("result").Clone());
    }

    private sealed class StreamingExchange(string message, ProtocolVersion version) : TestExchange(message, version)
    {
        internal override bool CanStreamResult => true;
    }
}
