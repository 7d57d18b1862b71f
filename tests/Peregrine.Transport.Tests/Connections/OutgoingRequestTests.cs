using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Connections;

public sealed class OutgoingRequestTests
{
    [Theory]
    [InlineData("", "", false, """{"jsonrpc":"2.0","id":7,"method":"m"}""")]
    [InlineData("""{"a":1}""", "", false, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"a":1}}""")]
    [InlineData("{\"a\":\r\n1}", "", false, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"a":  1}}""")]
    [InlineData("", "\"k\":1", false, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"k":1}}}""")]
    [InlineData("{}", "\"k\":1", false, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"k":1}}}""")]
    [InlineData(" { } ", "\"k\":1", false, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"k":1}} }""")]
    [InlineData("""{"a":1}""", "\"k\":1", true, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"k":1,"progressToken":7},"a":1}}""")]
    [InlineData("""{"a":1}""", "", true, """{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"progressToken":7},"a":1}}""")]
    public void Params_and_meta_are_put_together(string parameters, string meta, bool progress, string expected)
    {
        var options = new SendOptions { Meta = Encoding.UTF8.GetBytes(meta), OnProgress = progress ? (in IncomingNotification _) => { } : null };
        using var writer = new PooledByteWriter();
        new OutgoingRequest("m"u8, Encoding.UTF8.GetBytes(parameters), default, options).WriteTo(writer, 7);
        Assert.Equal(expected, Encoding.UTF8.GetString(writer.WrittenSpan));

        // However the same params are cut into slices, the message is the same.
        for (var cut = 0; cut <= parameters.Length; cut++)
        {
            ReadOnlyMemory<byte>[] slices = [Encoding.UTF8.GetBytes(parameters[..cut]), default, Encoding.UTF8.GetBytes(parameters[cut..])];
            writer.Clear();
            new OutgoingRequest("m"u8, default, slices, options).WriteTo(writer, 7);
            Assert.Equal(expected, Encoding.UTF8.GetString(writer.WrittenSpan));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a\nb")]
    [InlineData("a\\b")]
    public void A_method_that_needs_escapes_is_refused(string method) =>
        Assert.Throws<ArgumentException>(() => new OutgoingRequest(Encoding.UTF8.GetBytes(method), default, default, default));

    [Fact]
    public void A_negative_timeout_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutgoingRequest("m"u8, default, default, new SendOptions { Timeout = TimeSpan.FromTicks(-1) }));
}
