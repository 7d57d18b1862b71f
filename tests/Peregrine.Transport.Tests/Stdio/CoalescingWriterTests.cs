using System.Globalization;
using System.Text;
using Peregrine.Transport.Stdio;

namespace Peregrine.Transport.Tests.Stdio;

/// <summary>The writer that makes one system call of many messages.</summary>
public sealed class CoalescingWriterTests
{
    [Fact]
    public void WritesNothingBeforeAFlushAndThenAllAtOnce()
    {
        using var channel = new GatedChannel(open: true);
        using var writer = new CoalescingWriter(channel);
        writer.Append("one"u8);
        writer.Append("t"u8, "w"u8, "o"u8);
        Assert.Equal((0, 8, 8), (channel.Writes, writer.Pending, writer.Unsent));

        writer.Flush();

        Assert.Equal("one\ntwo\n", channel.Written);
        Assert.Equal((1, 0, 0), (channel.Writes, writer.Pending, writer.Unsent));
        writer.Flush();
        Assert.Equal(1, channel.Writes);
    }

    [Fact]
    public void ReplacesRawLineBreaksInEveryPiece()
    {
        using var channel = new GatedChannel(open: true);
        using var writer = new CoalescingWriter(channel);
        writer.Append("{\r\n\"a\":\n1}"u8);
        writer.Append("\n"u8, "x\r"u8, "\n}"u8);
        writer.Append(""u8);

        writer.Flush();

        Assert.Equal("{  \"a\": 1}\n x  }\n\n", channel.Written);
    }

    [Fact]
    public async Task WhatComesDuringAWriteIsWrittenByTheSameFlush()
    {
        using var channel = new GatedChannel();
        using var writer = new CoalescingWriter(channel);
        writer.Append("first"u8);
        var flushing = Task.Run(writer.Flush);
        channel.WaitForWrite();

        writer.Append("second"u8);
        writer.Append("third"u8);
        writer.Flush();
        Assert.Equal((13, 19), (writer.Pending, writer.Unsent));
        channel.LetGo(2);
        await flushing.WaitAsync(TestTime.Limit);

        Assert.Equal("first\nsecond\nthird\n", channel.Written);
        Assert.Equal((2, 0, 0), (channel.Writes, writer.Pending, writer.Unsent));
    }

    [Fact]
    public async Task KeepsTheOrderOfEveryThread()
    {
        const int Threads = 8, Messages = 5000;
        using var channel = new GatedChannel(open: true);
        using var writer = new CoalescingWriter(channel);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++)
            {
                writer.Append(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{thread} {i} {new string('x', i % 97)}")));
                if (i % 3 == 0)
                {
                    writer.Flush();
                }
            }

            writer.Flush();
        }))).WaitAsync(TestTime.Limit);

        // A thread whose last flush met another one leaves its messages to that one, which is still in its loop or has written them.
        Assert.True(writer.WaitForRoom(0, (int)TestTime.Limit.TotalMilliseconds));
        var next = new int[Threads];
        foreach (var line in channel.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var thread = int.Parse(parts[0], CultureInfo.InvariantCulture);
            Assert.Equal(next[thread]++, int.Parse(parts[1], CultureInfo.InvariantCulture));
            Assert.Equal((next[thread] - 1) % 97, parts[2].Length);
        }

        Assert.All(next, static count => Assert.Equal(Messages, count));
        Assert.InRange(channel.Writes, 1, Threads * Messages);
    }

    [Fact]
    public void AFailureEndsAllWriting()
    {
        var failure = new IOException("gone");
        using var channel = new GatedChannel(open: true, failure);
        using var writer = new CoalescingWriter(channel);
        writer.Append("lost"u8);

        writer.Flush();

        Assert.Same(failure, writer.Failure);
        writer.Append("dropped"u8);
        Assert.Equal((0, 0), (writer.Pending, writer.Unsent));
        writer.Flush();
        Assert.Equal(1, channel.Writes);
        Assert.True(writer.WaitForRoom(0));
    }

    [Fact]
    public async Task AFailureWakesWhoWaitsForRoom()
    {
        using var channel = new GatedChannel(failure: new IOException("gone"));
        using var writer = new CoalescingWriter(channel);
        writer.Append(new byte[1000]);
        var flushing = Task.Run(writer.Flush);
        channel.WaitForWrite();
        var waiting = Task.Run(() => writer.WaitForRoom(10));
        writer.Append(new byte[1000]);

        channel.LetGo();

        await flushing.WaitAsync(TestTime.Limit);
        Assert.True(await waiting.WaitAsync(TestTime.Limit));
        Assert.Equal(0, writer.Unsent);
    }

    [Fact]
    public async Task WaitForRoomEndsWhenThePeerHasReadEnough()
    {
        using var channel = new GatedChannel();
        using var writer = new CoalescingWriter(channel);
        writer.Append(new byte[99]);
        var flushing = Task.Run(writer.Flush);
        channel.WaitForWrite();
        writer.Append(new byte[49]);
        Assert.True(writer.WaitForRoom(150));
        Assert.False(writer.WaitForRoom(149, milliseconds: 1));
        var waiting = Task.Run(() => writer.WaitForRoom(50));

        channel.LetGo();

        Assert.True(await waiting.WaitAsync(TestTime.Limit));
        channel.LetGo();
        await flushing.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public void TryFlushWritesOnlyWhatDoesNotBlock()
    {
        using var channel = new GatedChannel(open: true);
        using var writer = new CoalescingWriter(channel);
        Assert.True(writer.TryFlush());
        writer.Append("m"u8);

        Assert.False(writer.TryFlush());
        Assert.Equal(0, channel.Writes);

        channel.Writable = true;
        Assert.True(writer.TryFlush());
        Assert.Equal("m\n", channel.Written);
    }

    [Fact]
    public async Task DisposingDuringAWriteLeavesTheBufferToIt()
    {
        using var channel = new GatedChannel();
        var writer = new CoalescingWriter(channel);
        writer.Append("under way"u8);
        var flushing = Task.Run(writer.Flush);
        channel.WaitForWrite();
        var waiting = Task.Run(() => writer.WaitForRoom(0));

        writer.Dispose();
        writer.Append("late"u8);
        Assert.True(await waiting.WaitAsync(TestTime.Limit));
        Assert.IsType<IOException>(writer.Failure);
        channel.LetGo();
        await flushing.WaitAsync(TestTime.Limit);

        // The channel has checked that its bytes did not change.
        Assert.Equal("under way\n", channel.Written);
    }
}
