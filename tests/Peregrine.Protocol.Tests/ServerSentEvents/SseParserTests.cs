using System.Text;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Protocol.Tests.ServerSentEvents;

public sealed class SseParserTests
{
    public static readonly TheoryData<string> Streams =
    [
        "data: a\n\n",
        "data: YHOO\ndata: +2\ndata: 10\n\n",
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        "data\n\ndata\ndata\n\ndata:",
        "data:test\n\ndata: test\n\n",
        "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
        "event: lost\n\ndata: x\n\n",
        "data: a\r\rdata: b\r\n\r\ndata: c\n\n\r\ndata: d\r\n\n",
        "data: a\r\ndata: b\rdata: c\ndata: d\n\r",
        "\uFEFFdata: with mark\n\n",
        "\uFEFF\ndata: behind a lone mark\n\n",
        "data: x\n\n\uFEFFdata: a mark inside is no mark\n\ndata: y\n\n",
        "retry: 100\ndata: a\n\nretry: x\ndata: b\n\nretry: +5\ndata: c\n\nretry: -1\ndata: d\n\nretry:\ndata: e\n\nretry: 0\ndata: f\n\nretry: 5 \ndata: g\n\n",
        "retry: 99999999999999999999999\ndata: a\n\n",
        "retry: 7\n\ndata: not mine\n\n",
        "id: 1\ndata: a\n\nid: 2\n\ndata: b\n\nid: a\0b\ndata: c\n\nid:\ndata: d\n\n",
        "id: 5\ndata:\n\n",
        "DATA: no\nData: no\n data: no\ndata : no\nunknown: x\n:data: no\n::\n\ndata: yes\n\n",
        "data: é 😀 \u2028\n\n",
        "data: never ended\n",
        "data: never ended",
        "\n\n\r\n\r\r",
        "",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Cut_at_every_byte_the_events_are_those_of_the_standard(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var expected = ReferenceEventStream.Read(stream);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(expected, Events(bytes[..cut], bytes[cut..]));
        }

        for (var size = 1; size < 8; size++)
        {
            Assert.Equal(expected, Events([.. bytes.Chunk(size)]));
        }
    }

    [Fact]
    public void Random_streams_agree_with_the_standard()
    {
        string[] tokens = ["data", "event", "id", "retry", ":", ": ", " ", "x", "12", "\n", "\n", "\r", "\r\n", "\n\n", "data: a\n", "data: b\n\n", "id: 7\n", "\0", "é", "\uFEFF"];
        var random = new Random(21);
        var events = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var stream = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => tokens[random.Next(tokens.Length)]));
            var bytes = Encoding.UTF8.GetBytes(stream);
            var expected = ReferenceEventStream.Read(stream);
            Assert.Equal(expected, Events(bytes));
            Assert.Equal(expected, Events([.. bytes.Chunk(random.Next(1, 12))]));
            events += expected.Count;
        }

        Assert.True(events > 10_000);
    }

    [Fact]
    public void Ids_and_retry_without_data_are_kept_for_resuming()
    {
        using var parser = new SseParser();
        Assert.Equal(-1, parser.ReconnectionMilliseconds);
        Assert.Empty(Feed(parser, "id: 41\nretry: 250\n"u8.ToArray()));
        Assert.Equal(250, parser.ReconnectionMilliseconds);
        Assert.True(parser.LastEventId.IsEmpty);
        Assert.Empty(Feed(parser, "\n"u8.ToArray()));
        Assert.Equal("41", Encoding.UTF8.GetString(parser.LastEventId));
    }

    [Fact]
    public void An_oversized_event_is_dropped_and_the_next_is_intact()
    {
        foreach (var size in new[] { 1, 3, 7, 50, 10_000 })
        {
            using var parser = new SseParser(maxEventLength: 10);
            Assert.Equal([new TextEvent("message", "1234567890", "", -1)], Chunks(parser, "data: 1234567890\n\n", size));
            Assert.False(parser.TakeOversized());
            Assert.Empty(Chunks(parser, "id: 3\ndata: 12345678901\nevent: x\nretry: 5\ndata: y\n\n", size));
            Assert.True(parser.TakeOversized());
            Assert.False(parser.TakeOversized());
            Assert.Equal([new TextEvent("message", "ok", "3", -1)], Chunks(parser, "data: ok\n\n", size));

            Assert.Empty(Chunks(parser, "data: 12345\ndata: 6789\ndata: 0\n\n", size));
            Assert.True(parser.TakeOversized());
            Assert.Equal([new TextEvent("message", "12345\n6789", "3", -1)], Chunks(parser, "data: 12345\ndata: 6789\n\n", size));
            Assert.Empty(Chunks(parser, "event: " + new string('e', 100) + "\r\ndata: 1\r\n\r\n", size));
            Assert.True(parser.TakeOversized());
            Assert.Equal([new TextEvent("e", "1", "3", -1)], Chunks(parser, "event: e\r\ndata: 1\r\n\r\n", size));
        }
    }

    [Fact]
    public void A_comment_may_be_of_any_length()
    {
        foreach (var size in new[] { 1, 7, 10_000 })
        {
            using var parser = new SseParser(maxEventLength: 10);
            Assert.Equal([new TextEvent("message", "a\nb", "", -1)], Chunks(parser, "data: a\n:" + new string('c', 1000) + "\n: short\ndata: b\n\n", size));
            Assert.False(parser.TakeOversized());
        }
    }

    [Fact]
    public void An_endless_event_takes_no_memory_beyond_the_limit()
    {
        using var parser = new SseParser(maxEventLength: 1000);
        var piece = Encoding.UTF8.GetBytes("data: " + new string('x', 94) + "\n");
        Assert.Empty(Feed(parser, piece));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            ReadOnlySpan<byte> rest = piece;
            Assert.False(parser.TryRead(ref rest, out _));
        }

        Assert.True(parser.TakeOversized());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Arguments_are_checked() => Assert.Throws<ArgumentOutOfRangeException>(() => new SseParser(0));

    private static List<TextEvent> Events(params byte[][] pieces)
    {
        using var parser = new SseParser();
        return pieces.SelectMany(piece => Feed(parser, piece)).ToList();
    }

    private static List<TextEvent> Chunks(SseParser parser, string stream, int size) =>
        Encoding.UTF8.GetBytes(stream).Chunk(size).SelectMany(piece => Feed(parser, piece)).ToList();

    private static List<TextEvent> Feed(SseParser parser, byte[] piece)
    {
        var events = new List<TextEvent>();
        ReadOnlySpan<byte> rest = piece;
        while (parser.TryRead(ref rest, out var e))
        {
            events.Add(new TextEvent(Encoding.UTF8.GetString(e.Type), Encoding.UTF8.GetString(e.Data), Encoding.UTF8.GetString(e.LastEventId), e.RetryMilliseconds));
        }

        Assert.True(rest.IsEmpty);
        return events;
    }
}
