using System.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.Tests.Buffers;

public sealed class PooledByteWriterTests
{
    [Fact]
    public void What_was_written_survives_growing()
    {
        using var writer = new PooledByteWriter(1);
        var expected = new List<byte>();
        var random = new Random(4);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(100)];
            random.NextBytes(bytes);
            expected.AddRange(bytes);
            switch (i % 4)
            {
                case 0:
                    writer.Write(bytes);
                    break;
                case 1:
                    bytes.CopyTo(writer.GetSpan(bytes.Length));
                    writer.Advance(bytes.Length);
                    break;
                case 2:
                    bytes.CopyTo(writer.GetMemory(bytes.Length));
                    writer.Advance(bytes.Length);
                    break;
                default:
                    Array.ForEach(bytes, writer.WriteByte);
                    break;
            }
        }

        Assert.Equal(expected, writer.WrittenSpan.ToArray());
        Assert.Equal(expected, writer.WrittenMemory.ToArray());
        Assert.Equal(expected.Count, writer.Length);
    }

    [Fact]
    public void Room_is_never_empty()
    {
        using var writer = new PooledByteWriter();
        Assert.NotEqual(0, writer.GetSpan().Length);
        Assert.NotEqual(0, writer.GetMemory().Length);
        writer.Advance(writer.GetSpan().Length);
        Assert.NotEqual(0, writer.GetSpan().Length);
        Assert.True(writer.GetSpan(5_000).Length >= 5_000);
    }

    [Fact]
    public void Clear_and_truncate()
    {
        using var writer = new PooledByteWriter();
        writer.Write("hello"u8);
        writer.Truncate(2);
        writer.Write("y"u8);
        Assert.Equal("hey", Encoding.UTF8.GetString(writer.WrittenSpan));
        writer.Clear();
        Assert.Equal(0, writer.Length);
        Assert.True(writer.WrittenSpan.IsEmpty);
        writer.Write("again"u8);
        Assert.Equal("again", Encoding.UTF8.GetString(writer.WrittenSpan));
        writer.Truncate(5);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Truncate(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Truncate(-1));
    }

    [Fact]
    public void An_idle_writer_keeps_little()
    {
        using var writer = new PooledByteWriter();
        writer.Write(new byte[1_000_000]);
        writer.Clear();
        Assert.InRange(writer.GetSpan().Length, 1, 16 * 1024);
        writer.Write(new byte[10_000]);
        writer.Clear();
#if !DEBUG // Where an idle writer keeps nothing.
        Assert.InRange(writer.GetSpan().Length, 10_000, 16 * 1024);
#endif
    }

    [Fact]
    public void A_disposed_writer_may_be_used_again()
    {
        var writer = new PooledByteWriter();
        writer.Write("a"u8);
        writer.Dispose();
        writer.Dispose();
        Assert.Equal(0, writer.Length);
        writer.Write("b"u8);
        Assert.Equal("b", Encoding.UTF8.GetString(writer.WrittenSpan));
        writer.Dispose();
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PooledByteWriter(0));
        using var writer = new PooledByteWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
    }
}
