using System.Buffers;
using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>Compares <see cref="EnvelopeReader"/> with <see cref="ReferenceEnvelope"/> on one message.</summary>
internal static class EnvelopeCheck
{
    private static readonly (string Path, Func<Envelope, JsonRange> Of)[] Members =
    [
        ("method", static e => e.MethodName), ("params", static e => e.Params), ("result", static e => e.Result), ("error", static e => e.Error),
        ("params.name", static e => e.Name), ("params.uri", static e => e.Uri), ("params.cursor", static e => e.Cursor),
        ("params.taskId", static e => e.TaskId), ("params.arguments", static e => e.Arguments), ("params.requestId", static e => e.RequestId),
        ("params.protocolVersion", static e => e.InitializeVersion), ("params.progressToken", static e => e.NotifiedProgressToken),
        ("params._meta", static e => e.Meta), ("_meta.progressToken", static e => e.ProgressToken),
        ("_meta.io.modelcontextprotocol/protocolVersion", static e => e.MetaVersion), ("_meta.io.modelcontextprotocol/clientInfo", static e => e.ClientInfo),
        ("_meta.io.modelcontextprotocol/clientCapabilities", static e => e.ClientCapabilities), ("_meta.io.modelcontextprotocol/logLevel", static e => e.LogLevel),
    ];

    public static void Agrees(byte[] message)
    {
        var valid = EnvelopeReader.TryRead(message, out var envelope);
        Agrees(message, valid, envelope);
    }

    public static void AgreesInSegments(byte[] message, Random random)
    {
        var valid = EnvelopeReader.TryRead(Cut(message, random), out var rented, out var joined, out var envelope);
        Assert.True(joined.Span.SequenceEqual(message), "joined differs");
        Agrees(message, valid, envelope);
        if (rented is not null)
        {
            PooledArrays.Return(rented);
        }
    }

    private static void Agrees(byte[] message, bool valid, in Envelope envelope)
    {
        var expected = ReferenceEnvelope.Read(message);
        if (envelope.Fault != expected.Fault || envelope.Kind != expected.Kind || valid != (expected.Fault == EnvelopeError.None)
            || envelope.Id != expected["id"])
        {
            Assert.Fail($"Expected {expected.Fault}, {expected.Kind}, id {expected["id"]}; got {envelope.Fault} at {envelope.FaultOffset}, {envelope.Kind}, id {envelope.Id} for:\n{Show(message)}");
        }

        Assert.InRange(envelope.FaultOffset, 0, message.Length);
        if (!valid)
        {
            return;
        }

        Assert.Equal(expected.Method, envelope.Method);
        foreach (var (path, of) in Members)
        {
            if (of(envelope) != expected[path])
            {
                Assert.Fail($"{path}: expected {expected[path]}, got {of(envelope)} for:\n{Show(message)}");
            }
        }
    }

    private static ReadOnlySequence<byte> Cut(byte[] message, Random random)
    {
        var first = new Segment(message.AsMemory(0, 0), null);
        var last = first;
        for (var at = 0; at < message.Length;)
        {
            var length = Math.Min(message.Length - at, random.Next(1, 40));
            last = new Segment(message.AsMemory(at, length), last);
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static string Show(byte[] message) =>
        Encoding.Latin1.GetString(message) + "\n" + Convert.ToHexString(message.AsSpan(0, Math.Min(message.Length, 2000)));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
