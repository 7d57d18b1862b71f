using System.Text;
using Peregrine.Transport.Stdio;

namespace Peregrine.Transport.Tests.Stdio;

/// <summary>The channel over streams.</summary>
public sealed class StreamChannelTests
{
    [Fact]
    public void ReadsWritesAndFlushes()
    {
        using var input = new MemoryStream("hello"u8.ToArray());
        using var output = new MemoryStream();
        using var buffered = new BufferedStream(output);
        using var channel = new StreamChannel(input, buffered);
        var buffer = new byte[10];

        Assert.True(channel.WaitReadable(0));
        Assert.Equal(5, channel.Read(buffer));
        Assert.Equal(0, channel.Read(buffer));
        channel.Write("out"u8);

        Assert.Equal("out", Encoding.UTF8.GetString(output.ToArray()));
        Assert.False(channel.CanWrite(1));
        channel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => channel.Read(buffer));
    }
}
