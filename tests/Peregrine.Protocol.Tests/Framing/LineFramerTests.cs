using System.Text;
using Peregrine.Protocol.Framing;

namespace Peregrine.Protocol.Tests.Framing;

public sealed class LineFramerTests
{
    private const string Oversized = "<oversized>";

    [Theory]
    [InlineData("one\ntwo\n", "one|two")]
    [InlineData("one\r\ntwo\r\n", "one|two")]
    [InlineData("\n\r\n\none\n\n", "one")]
    [InlineData("one\r\r\n", "one\r")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("one\ntwo", "one|two")]
    [InlineData("one\ntwo\r", "one|two")]
    [InlineData("1234567890\n12345678901\nnext\n", "1234567890|<oversized>|next")]
    [InlineData("1234567890\r\n12345678901\r\nnext\r\n", "1234567890|<oversized>|next")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890\nnext\n123456789012\nlast", "<oversized>|next|<oversized>|last")]
    [InlineData("12345678901234567890", "<oversized>")]
    [InlineData("1234567890", "1234567890")]
    [InlineData("1234567890\r", "1234567890")]
    [InlineData("1234567890\rx\nnext\n", "<oversized>|next")]
    [InlineData("", "")]
    public void Cut_at_every_byte_the_lines_are_the_same(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        foreach (var capacity in new[] { 1, 3, 16, 64, 4096 })
        {
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                Assert.Equal(expected, string.Join('|', Lines(10, capacity, bytes[..cut], bytes[cut..])));
            }

            for (var size = 1; size < 30; size++)
            {
                Assert.Equal(expected, string.Join('|', Lines(10, capacity, [.. bytes.Chunk(size)])));
            }
        }
    }

    [Fact]
    public void An_oversized_line_is_never_gathered()
    {
        const int Limit = 100_000;
        using var framer = new LineFramer(Limit, initialCapacity: 1024);
        var reports = 0;
        var largest = 0;
        for (var sent = 0; sent < 50_000_000;)
        {
            var room = framer.GetBuffer().Span;
            largest = Math.Max(largest, room.Length);
            room.Fill((byte)'x');
            framer.Advance(room.Length);
            sent += room.Length;
            while (framer.TryRead(out _) is var result && result != FrameResult.NeedMore)
            {
                Assert.Equal(FrameResult.Oversized, result);
                reports++;
            }
        }

        Assert.Equal(1, reports);
        Assert.InRange(largest, 1, 3 * Limit);
        Assert.Equal(0, framer.PendingLength);
        Feed(framer, "tail\nnext\n");
        Assert.Equal(FrameResult.Line, framer.TryRead(out var line));
        Assert.Equal("next", Encoding.UTF8.GetString(line));
    }

    [Fact]
    public void Lines_that_never_end_with_the_buffer_do_not_make_it_grow()
    {
        using var framer = new LineFramer(1000, initialCapacity: 2);
        var random = new Random(5);
        var largest = 0;
        Feed(framer, "x");
        for (var i = 0; i < 100_000; i++)
        {
            var room = framer.GetBuffer().Span;
            largest = Math.Max(largest, room.Length);
            var count = Math.Min(room.Length, random.Next(1, 9));
            room[..count].Fill((byte)'y');
            room[random.Next(count)] = (byte)'\n';
            room[count - 1] = (byte)'z';
            framer.Advance(count);
            while (framer.TryRead(out _) != FrameResult.NeedMore)
            {
            }
        }

        Assert.InRange(largest, 1, 4096);
    }

    [Fact]
    public void A_long_line_in_small_pieces_costs_linear_time()
    {
        using var framer = new LineFramer(8_000_000, initialCapacity: 4096);
        for (var i = 0; i < 4_000_000 / 16; i++)
        {
            Feed(framer, "0123456789abcdef");
            Assert.Equal(FrameResult.NeedMore, framer.TryRead(out _));
        }

        Assert.Equal(4_000_000, framer.PendingLength);
        Feed(framer, "\n");
        Assert.Equal(FrameResult.Line, framer.TryRead(out var line));
        Assert.Equal(4_000_000, line.Length);
        Assert.InRange(framer.GetBuffer().Length, 1, 8 * 4096);
    }

    [Fact]
    public void A_disposed_framer_refuses_work()
    {
        var framer = new LineFramer(10);
        framer.Dispose();
        framer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => framer.GetBuffer());
        Assert.Equal(FrameResult.NeedMore, framer.TryRead(out _));
        Assert.True(framer.TakeRest().IsEmpty);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LineFramer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LineFramer(1, 0));
        using var framer = new LineFramer(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => framer.Advance(framer.GetBuffer().Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => framer.Advance(-1));
    }

    private static List<string> Lines(int limit, int capacity, params byte[][] pieces)
    {
        using var framer = new LineFramer(limit, capacity);
        var lines = new List<string>();
        foreach (var piece in pieces)
        {
            for (var rest = piece.AsSpan(); !rest.IsEmpty;)
            {
                var room = framer.GetBuffer().Span;
                var count = Math.Min(room.Length, rest.Length);
                rest[..count].CopyTo(room);
                framer.Advance(count);
                rest = rest[count..];
                Drain(framer, lines);
            }
        }

        var last = framer.TakeRest();
        if (!last.IsEmpty)
        {
            lines.Add(Encoding.UTF8.GetString(last));
        }

        return lines;
    }

    private static void Drain(LineFramer framer, List<string> lines)
    {
        while (framer.TryRead(out var line) is var result && result != FrameResult.NeedMore)
        {
            lines.Add(result == FrameResult.Oversized ? Oversized : Encoding.UTF8.GetString(line));
        }
    }

    private static void Feed(LineFramer framer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var room = framer.GetBuffer().Span;
            var count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            framer.Advance(count);
            rest = rest[count..];
        }
    }
}
