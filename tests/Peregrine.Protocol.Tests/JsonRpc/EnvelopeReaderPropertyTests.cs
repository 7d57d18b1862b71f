using System.Text;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>The reader against the reference, on every example, every prefix of one, and many thousands of damaged and generated ones.</summary>
public sealed class EnvelopeReaderPropertyTests
{
    private const int MutationsPerMessage = 250;

    [Fact]
    public void Examples_are_valid_and_read_as_the_reference_reads_them()
    {
        Assert.True(ExampleMessages.All.Count >= 12);
        foreach (var message in ExampleMessages.All)
        {
            Assert.True(EnvelopeReader.TryRead(message, out _), Encoding.UTF8.GetString(message));
            EnvelopeCheck.Agrees(message);
        }
    }

    [Fact]
    public void The_specification_s_examples_are_among_them()
    {
        ExampleMessages.RequireSchemaFolder();
        Assert.True(ExampleMessages.All.Count > 200);
    }

    [Fact]
    public void Every_prefix_agrees_and_none_but_the_whole_is_valid()
    {
        foreach (var message in ExampleMessages.All)
        {
            for (var length = 0; length < message.Length; length++)
            {
                var prefix = message[..length];
                EnvelopeCheck.Agrees(prefix);

                // What is missing may be white space only.
                Assert.Equal(message.AsSpan(length).ContainsAnyExcept(" \r\n\t"u8), !EnvelopeReader.TryRead(prefix, out _));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutations_agree_in_one_segment_and_in_many(int seed)
    {
        var mutator = new MessageMutator(seed);
        var valid = 0;
        var faults = new HashSet<EnvelopeError>();
        foreach (var message in ExampleMessages.All)
        {
            for (var i = 0; i < MutationsPerMessage; i++)
            {
                var mutated = mutator.Mutate(message);
                EnvelopeCheck.Agrees(mutated);
                if (i % 5 == 0)
                {
                    EnvelopeCheck.AgreesInSegments(mutated, mutator.Random);
                }

                valid += EnvelopeReader.TryRead(mutated, out var envelope) ? 1 : 0;
                faults.Add(envelope.Fault);
            }
        }

        // The mutations must reach both sides of the judgement, or agreement says little.
        Assert.True(valid > 100, $"only {valid} valid");
        Assert.Superset(new HashSet<EnvelopeError>([EnvelopeError.InvalidJson, EnvelopeError.Truncated, EnvelopeError.InvalidUtf8, EnvelopeError.DuplicateMember, EnvelopeError.InvalidVersion, EnvelopeError.NoKind]), faults);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Generated_messages_agree(int seed)
    {
        var generator = new MessageGenerator(seed);
        var mutator = new MessageMutator(seed);
        var faults = new Dictionary<EnvelopeError, int>();
        for (var i = 0; i < 15_000; i++)
        {
            var message = generator.Next();
            EnvelopeCheck.Agrees(message);
            EnvelopeReader.TryRead(message, out var envelope);
            faults[envelope.Fault] = faults.GetValueOrDefault(envelope.Fault) + 1;
            if (i % 3 == 0)
            {
                EnvelopeCheck.AgreesInSegments(mutator.Mutate(message), generator.Random);
            }
        }

        foreach (var fault in new[] { EnvelopeError.None, EnvelopeError.DuplicateMember, EnvelopeError.InvalidVersion, EnvelopeError.InvalidId, EnvelopeError.InvalidMethod,
            EnvelopeError.InvalidParams, EnvelopeError.InvalidMeta, EnvelopeError.NoKind, EnvelopeError.TooDeep })
        {
            Assert.True(faults.GetValueOrDefault(fault) >= 20, $"{fault}: {faults.GetValueOrDefault(fault)}");
        }
    }

    [Fact]
    public void Cut_at_random_a_stream_of_lines_gives_every_message_back()
    {
        var mutator = new MessageMutator(3);
        var messages = ExampleMessages.All.Select(static m => m.ToArray()).Concat(ExampleMessages.All.Select(mutator.Mutate)).ToList();
        messages.ForEach(static m => LineBreaks.ReplaceWithSpaces(m));
        var expected = messages.Where(static m => m.Length > 0).ToList();
        var stream = expected.SelectMany(static m => m.Append((byte)'\n')).ToArray();
        using var framer = new LineFramer(64 * 1024, initialCapacity: 256);
        var index = 0;
        for (var at = 0; at < stream.Length;)
        {
            var room = framer.GetBuffer().Span;
            var count = Math.Min(Math.Min(room.Length, mutator.Random.Next(1, 300)), stream.Length - at);
            stream.AsSpan(at, count).CopyTo(room);
            framer.Advance(count);
            at += count;
            while (framer.TryRead(out var line) == FrameResult.Line)
            {
                Assert.True(line.SequenceEqual(expected[index]));
                EnvelopeCheck.Agrees(line.ToArray());
                index++;
            }
        }

        Assert.Equal(expected.Count, index);
    }
}
