using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Protocol.Tests.ServerSentEvents;

public sealed class SseWriterTests
{
    [Fact]
    public void Messages_round_trip_through_the_parser()
    {
        using var writer = new PooledByteWriter();
        foreach (var message in ExampleMessages.All)
        {
            SseWriter.WriteMessage(writer, message);
            SseWriter.WriteKeepAlive(writer);
        }

        using var parser = new SseParser();
        var rest = writer.WrittenSpan;
        foreach (var message in ExampleMessages.All)
        {
            Assert.True(parser.TryRead(ref rest, out var read));
            Assert.True(read.Type.SequenceEqual("message"u8));
            Assert.Equal(Encoding.UTF8.GetString(message).Replace('\n', ' ').Replace('\r', ' '), Encoding.UTF8.GetString(read.Data));
        }

        Assert.False(parser.TryRead(ref rest, out _));
    }

    [Fact]
    public void What_was_written_before_stays_as_it_is()
    {
        using var writer = new PooledByteWriter();
        writer.Write("a\n"u8);
        SseWriter.WriteMessage(writer, "{\r\n}"u8);
        Assert.Equal("a\nevent: message\ndata: {  }\n\n", Encoding.UTF8.GetString(writer.WrittenSpan));
    }
}
