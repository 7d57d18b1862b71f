using System.Text;
using System.Text.Json;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>The walk over a batch, against System.Text.Json.</summary>
public sealed class BatchReaderTests
{
    [Theory]
    [InlineData("[]", 0)]
    [InlineData(" [ ] ", 0)]
    [InlineData("[1]", 1)]
    [InlineData("[ {} , [] ,\n\"a,]\", null ]", 4)]
    [InlineData("[[[[]]],{\"a\":[1,2]}]", 2)]
    public void Finds_every_element(string batch, int count)
    {
        Assert.Equal(count, AssertAgrees(Encoding.UTF8.GetBytes(batch)));
        Assert.Equal(count, BatchReader.Count(Encoding.UTF8.GetBytes(batch), 10));
    }

    [Fact]
    public void Counts_no_further_than_asked()
    {
        Assert.Equal(4, BatchReader.Count("[1,2,3,4,5,6]"u8, 3));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Generated_batches_agree(int seed)
    {
        var generator = new MessageGenerator(seed);
        var random = new Random(seed);
        var elements = 0;
        for (var i = 0; i < 2_000; i++)
        {
            using var batch = new MemoryStream();
            batch.Write(Space(random));
            batch.WriteByte((byte)'[');
            var count = random.Next(6);
            for (var element = 0; element < count; element++)
            {
                batch.Write(element > 0 ? ","u8 : default);
                batch.Write(Space(random));
                batch.Write(generator.Next());
                batch.Write(Space(random));
            }

            batch.WriteByte((byte)']');
            var bytes = batch.ToArray();
            EnvelopeReader.TryRead(bytes, out var envelope);
            if (envelope.Fault == EnvelopeError.Batch)
            {
                elements += AssertAgrees(bytes);
            }
        }

        Assert.True(elements > 1_000, $"only {elements} elements");
    }

    // Whatever is damaged, it ends, and stays within the bytes.
    [Theory]
    [InlineData(31)]
    public void Damaged_batches_end(int seed)
    {
        var mutator = new MessageMutator(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = mutator.Mutate("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"method\":\"x\"}]"u8.ToArray());
            EnvelopeReader.TryRead(bytes, out var envelope);
            var reader = new BatchReader(bytes);
            var end = 0;
            while (reader.MoveNext())
            {
                Assert.True(reader.Current.Start >= end && reader.Current.End <= bytes.Length);
                end = reader.Current.End;
            }

            if (envelope.Fault == EnvelopeError.Batch)
            {
                AssertAgrees(bytes);
            }
        }
    }

    private static ReadOnlySpan<byte> Space(Random random) => random.Next(4) switch { 0 => " "u8, 1 => "\n\t "u8, _ => default };

    private static int AssertAgrees(byte[] batch)
    {
        using var document = JsonDocument.Parse(batch);
        var reader = new BatchReader(batch);
        var count = 0;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(element.GetRawText(), Encoding.UTF8.GetString(reader.Current.Of(batch)));
            count++;
        }

        Assert.False(reader.MoveNext());
        Assert.False(reader.MoveNext());
        return count;
    }
}
