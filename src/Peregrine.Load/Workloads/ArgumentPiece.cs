using System.Buffers.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Workloads;

/// <summary>Constant bytes of arguments, or a generator.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Bytes">The bytes of a constant.</param>
/// <param name="From">The first number, the lowest number, or the shortest length.</param>
/// <param name="To">The highest number, or the longest length.</param>
internal sealed record ArgumentPiece(ArgumentPieceKind Kind, byte[] Bytes, long From = 0, long To = 0)
{
    private const int LongestNumber = 20;

    internal void Write(PooledByteWriter writer, ArgumentState state, int index)
    {
        switch (Kind)
        {
            case ArgumentPieceKind.Constant:
                writer.Write(Bytes);
                break;
            case ArgumentPieceKind.Counter:
                WriteNumber(writer, From + state.Next(index));
                break;
            case ArgumentPieceKind.Integer:
                WriteNumber(writer, state.Random.NextInt64(From, To + 1));
                break;
            default:
                WriteText(writer, state);
                break;
        }
    }

    private static void WriteNumber(PooledByteWriter writer, long value)
    {
        Utf8Formatter.TryFormat(value, writer.GetSpan(LongestNumber), out var written);
        writer.Advance(written);
    }

    private void WriteText(PooledByteWriter writer, ArgumentState state)
    {
        var length = (int)(From == To ? From : state.Random.NextInt64(From, To + 1));
        var text = writer.GetSpan(length + 2)[..(length + 2)];
        text[0] = text[^1] = (byte)'"';
        state.Random.GetItems("abcdefghijklmnopqrstuvwxyz012345"u8, text[1..^1]);
        writer.Advance(text.Length);
    }
}
