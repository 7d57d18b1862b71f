using System.Buffers;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>One request on its way out: method, params in slices, options. Lives on the stack of the caller.</summary>
internal readonly ref struct OutgoingRequest
{
    // What JSON lets stand in a string without an escape, in ASCII: all that a method's name has ever needed.
    private static readonly SearchValues<byte> MethodBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.$:+~@*"u8);

    internal OutgoingRequest(ReadOnlySpan<byte> method, ReadOnlySpan<byte> head, ReadOnlySpan<ReadOnlyMemory<byte>> slices, in SendOptions options)
    {
        if (method.IsEmpty || method.ContainsAnyExcept(MethodBytes))
        {
            throw new ArgumentException("A method's name has letters, digits and / _ - . $ : + ~ @ * only.", nameof(method));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.Timeout, TimeSpan.Zero, nameof(options));
        Method = method;
        Head = head;
        Slices = slices;
        Options = options;
    }

    internal ReadOnlySpan<byte> Method { get; }

    /// <summary>The first part of params.</summary>
    internal ReadOnlySpan<byte> Head { get; }

    /// <summary>The further parts of params.</summary>
    internal ReadOnlySpan<ReadOnlyMemory<byte>> Slices { get; }

    internal SendOptions Options { get; }

    private bool AddsToken => (Options.OnProgress is not null || Options.MovesWithProgress) && Options.ProgressToken == 0;

    /// <summary>Writes the whole message, on one line.</summary>
    internal void WriteTo(PooledByteWriter writer, long id)
    {
        writer.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        JsonRpcWriter.WriteInteger(writer, id);
        writer.Write(",\"method\":\""u8);
        writer.Write(Method);
        writer.WriteByte((byte)'"');
        WriteParams(writer, id);
        writer.WriteByte((byte)'}');
    }

    /// <summary>Appends raw JSON with its line breaks turned into spaces.</summary>
    internal static void WriteOnOneLine(PooledByteWriter writer, ReadOnlySpan<byte> json)
    {
        var copy = writer.GetSpan(json.Length)[..json.Length];
        json.CopyTo(copy);
        LineBreaks.ReplaceWithSpaces(copy);
        writer.Advance(json.Length);
    }

    private void WriteParams(PooledByteWriter writer, long id)
    {
        if (!Options.Meta.IsEmpty || AddsToken)
        {
            writer.Write(",\"params\":{\"_meta\":{"u8);
            WriteMeta(writer, id);
            WriteMembersAfterMeta(writer);
            return;
        }

        var empty = Head.IsEmpty;
        foreach (var slice in Slices)
        {
            empty &= slice.IsEmpty;
        }

        if (!empty)
        {
            writer.Write(",\"params\":"u8);
            WriteOnOneLine(writer, Head);
            foreach (var slice in Slices)
            {
                WriteOnOneLine(writer, slice.Span);
            }
        }
    }

    private void WriteMeta(PooledByteWriter writer, long id)
    {
        WriteOnOneLine(writer, Options.Meta.Span);
        if (AddsToken)
        {
            writer.Write(Options.Meta.IsEmpty ? "\"progressToken\":"u8 : ",\"progressToken\":"u8);
            JsonRpcWriter.WriteInteger(writer, id);
        }

        writer.WriteByte((byte)'}');
    }

    // Copies the object behind its opening brace, with a comma before its first member.
    private void WriteMembersAfterMeta(PooledByteWriter writer)
    {
        var state = SpliceState.BeforeBrace;
        WriteSpliced(writer, Head, ref state);
        foreach (var slice in Slices)
        {
            WriteSpliced(writer, slice.Span, ref state);
        }

        if (state == SpliceState.BeforeBrace)
        {
            writer.WriteByte((byte)'}');
        }
    }

    private static void WriteSpliced(PooledByteWriter writer, ReadOnlySpan<byte> part, ref SpliceState state)
    {
        while (state != SpliceState.Inside)
        {
            part = part.TrimStart(" \t\r\n"u8);
            if (part.IsEmpty)
            {
                return;
            }

            if (state == SpliceState.BeforeBrace)
            {
                if (part[0] != (byte)'{')
                {
                    throw new ArgumentException("params must be a JSON object.", nameof(part));
                }

                part = part[1..];
                state = SpliceState.BeforeMember;
                continue;
            }

            if (part[0] != (byte)'}')
            {
                writer.WriteByte((byte)',');
            }

            state = SpliceState.Inside;
        }

        WriteOnOneLine(writer, part);
    }

    private enum SpliceState : byte
    {
        BeforeBrace,
        BeforeMember,
        Inside,
    }
}
