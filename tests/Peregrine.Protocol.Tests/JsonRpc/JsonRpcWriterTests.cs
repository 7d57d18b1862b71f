using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

public sealed class JsonRpcWriterTests
{
    [Fact]
    public void Result() => Assert.Equal("""{"jsonrpc":"2.0","id":"a\u0041","result":{"x":1}}""", Written(static w =>
    {
        JsonRpcWriter.BeginResult(w, "\"a\\u0041\""u8);
        w.Write("{\"x\":1}"u8);
        JsonRpcWriter.EndResult(w);
    }));

    [Fact]
    public void Errors()
    {
        Assert.Equal("""{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no \"x\"\n","data":{"retryable":false}}}""",
            Written(static w => JsonRpcWriter.WriteError(w, "7"u8, ErrorCodes.InvalidParams, "no \"x\"\n", "{\"retryable\":false}"u8)));
        Assert.Equal("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}""",
            Written(static w => JsonRpcWriter.WriteError(w, default, ErrorCodes.ParseError, "m")));
        Assert.Equal("""{"jsonrpc":"2.0","id":null,"error":{"code":4001,"message":"m"}}""",
            Written(static w => JsonRpcWriter.WriteError(w, "null"u8, ErrorCodes.Overloaded, "m")));
    }

    [Fact]
    public void Calls()
    {
        Assert.Equal("""{"jsonrpc":"2.0","id":-9223372036854775808,"method":"ping"}""", Written(static w => JsonRpcWriter.WriteRequest(w, long.MinValue, "ping"u8, default)));
        Assert.Equal("""{"jsonrpc":"2.0","id":9223372036854775807,"method":"tools/call","params":{"name":"x"}}""",
            Written(static w => JsonRpcWriter.WriteRequest(w, long.MaxValue, "tools/call"u8, "{\"name\":\"x\"}"u8)));
        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", Written(static w => JsonRpcWriter.WriteNotification(w, "notifications/initialized"u8, default)));
    }

    [Fact]
    public void What_is_written_can_be_read()
    {
        var kinds = new List<MessageKind>();
        foreach (var write in new Action<PooledByteWriter>[]
        {
            static w => { JsonRpcWriter.BeginResult(w, "1"u8); w.Write("{}"u8); JsonRpcWriter.EndResult(w); },
            static w => JsonRpcWriter.WriteError(w, "\"x\""u8, 1, "\ud800 \u0000"),
            static w => JsonRpcWriter.WriteError(w, "null"u8, 1, ""),
            static w => JsonRpcWriter.WriteRequest(w, 1, "ping"u8, "{}"u8),
            static w => JsonRpcWriter.WriteNotification(w, "notifications/progress"u8, "{}"u8),
        })
        {
            Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(Written(write)), out var envelope));
            kinds.Add(envelope.Kind);
        }

        Assert.Equal([MessageKind.Response, MessageKind.Error, MessageKind.Error, MessageKind.Request, MessageKind.Notification], kinds);
    }

    private static string Written(Action<PooledByteWriter> write)
    {
        using var writer = new PooledByteWriter();
        write(writer);
        using var document = JsonDocument.Parse(writer.WrittenMemory);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }
}
