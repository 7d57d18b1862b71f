#pragma warning disable CA1416 // Skipped on Windows: see UnixPipe.Create.
using Peregrine.Transport.Stdio.Unix;

namespace Peregrine.Transport.Tests.Stdio;

/// <summary>The channel over file descriptors, on pipes of the system.</summary>
public sealed class DescriptorChannelTests
{
    private const int Large = 1_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WritesAllHoweverLittleThePipeHolds(bool nonBlocking)
    {
        using var pair = Pair.Create(nonBlocking);
        var sent = new byte[Large];
        new Random(1).NextBytes(sent);

        // A pipe holds 64 KiB, so the writer waits many times for the reader.
        var writing = Task.Run(() => pair.Near.Write(sent));
        var received = new byte[Large];
        for (var length = 0; length < Large;)
        {
            length += pair.Far.Read(received.AsSpan(length, Math.Min(received.Length - length, 5000)));
        }

        await writing.WaitAsync(TestTime.Limit);
        Assert.Equal(sent, received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AReadWaitsForBytesAndTellsTheEnd(bool nonBlocking)
    {
        using var pair = Pair.Create(nonBlocking);
        var buffer = new byte[10];
        var reading = Task.Run(() => pair.Far.Read(buffer));

        pair.Near.Write("abc"u8);
        Assert.Equal(3, await reading.WaitAsync(TestTime.Limit));
        var ending = Task.Run(() => pair.Far.Read(buffer));
        pair.Near.Dispose();

        Assert.Equal(0, await ending.WaitAsync(TestTime.Limit));
    }

    [Fact]
    public void AWriteToAPeerThatIsGoneFails()
    {
        using var pair = Pair.Create(nonBlocking: false);
        pair.Far.Dispose();

        var exception = Assert.Throws<IOException>(() => pair.Near.Write("x"u8));

        Assert.Contains("write to standard output", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AReadOfNoPipeFails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no descriptors.");
        using var channel = new DescriptorChannel(-1, -1);

        Assert.Throws<IOException>(() => channel.Read(new byte[1]));
    }

    [Fact]
    public void TellsWhetherAWriteWouldBlock()
    {
        using var pair = Pair.Create(nonBlocking: true);
        Assert.True(pair.Near.CanWrite(1));
        Assert.True(pair.Near.CanWrite(512));

        // More than the system promises in one piece.
        Assert.False(pair.Near.CanWrite(1_000_000));

        var page = new byte[512];
        while (pair.Near.CanWrite(page.Length))
        {
            pair.Near.Write(page);
        }

        // Full; a reader makes room again.
        while (!pair.Near.CanWrite(1))
        {
            Assert.True(pair.Far.Read(new byte[4096]) > 0);
        }
    }

    [Fact]
    public void TellsWhetherAReadWouldBlock()
    {
        using var pair = Pair.Create(nonBlocking: false);
        Assert.False(pair.Far.WaitReadable(0));
        Assert.False(pair.Far.WaitReadable(1));

        pair.Near.Write("x"u8);
        Assert.True(pair.Far.WaitReadable(0));
        Assert.Equal(1, pair.Far.Read(new byte[10]));
        Assert.False(pair.Far.WaitReadable(0));

        pair.Near.Dispose();
        Assert.True(pair.Far.WaitReadable(0));
    }

    [Fact]
    public void DisposingTwiceClosesOnce()
    {
        using var pair = Pair.Create(nonBlocking: false);
        pair.Near.Dispose();

        // Takes the descriptors that have just come free: a second close would close these.
        using var other = Pair.Create(nonBlocking: false);
        pair.Near.Dispose();

        other.Near.Write("x"u8);
        Assert.Equal(1, other.Far.Read(new byte[1]));
    }

    /// <summary>Two channels that talk to each other.</summary>
    private sealed record Pair(DescriptorChannel Near, DescriptorChannel Far) : IDisposable
    {
        internal static Pair Create(bool nonBlocking)
        {
            var (there, back) = (UnixPipe.Create(), UnixPipe.Create());
            if (nonBlocking)
            {
                foreach (var descriptor in new[] { there.Read, there.Write, back.Read, back.Write })
                {
                    UnixPipe.SetNonBlocking(descriptor);
                }
            }

            return new Pair(new DescriptorChannel(back.Read, there.Write), new DescriptorChannel(there.Read, back.Write));
        }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
