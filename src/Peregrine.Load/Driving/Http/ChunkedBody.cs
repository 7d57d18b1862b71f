using System.Buffers.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Driving.Http;

/// <summary>Joins the chunks of a body (RFC 9112, 7.1). For one connection.</summary>
internal sealed class ChunkedBody(int maxLength) : IDisposable
{
    private const int MaxLineLength = 4096;

    private readonly PooledByteWriter _decoded = new();
    private long _left;
    private Part _part;

    private enum Part : byte
    {
        Size,
        Data,
        DataEnd,
        Trailer,
    }

    /// <summary>What the chunks hold.</summary>
    internal ReadOnlySpan<byte> Decoded => _decoded.WrittenSpan;

    internal void Begin()
    {
        _decoded.Clear();
        _part = Part.Size;
    }

    /// <summary>Forgets what was joined so far; the chunks go on.</summary>
    internal void Drop() => _decoded.Clear();

    /// <summary>Takes what is between <paramref name="start"/> and <paramref name="end"/>; moves what it cannot take yet to the start.</summary>
    internal ReplyState Read(Span<byte> buffer, ref int start, ref int end)
    {
        var at = start;
        var state = Read(buffer[..end], ref at);
        buffer[at..end].CopyTo(buffer[start..]);
        end -= at - start;
        return state;
    }

    public void Dispose() => _decoded.Dispose();

    private ReplyState Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (true)
        {
            var rest = bytes[at..];
            if (_part == Part.Data)
            {
                var taken = (int)Math.Min(_left, rest.Length);
                _decoded.Write(rest[..taken]);
                at += taken;
                _left -= taken;
                if (_left > 0)
                {
                    return ReplyState.Incomplete;
                }

                _part = Part.DataEnd;
                continue;
            }

            var line = rest.IndexOf((byte)'\n');
            if (line < 0)
            {
                return rest.Length > MaxLineLength ? ReplyState.Malformed : ReplyState.Incomplete;
            }

            at += line + 1;
            var text = rest[..line].TrimEnd((byte)'\r');
            switch (_part)
            {
                case Part.Size when !TryReadSize(text):
                case Part.DataEnd when text.Length > 0:
                    return ReplyState.Malformed;
                case Part.Size:
                    _part = _left == 0 ? Part.Trailer : Part.Data;
                    break;
                case Part.DataEnd:
                    _part = Part.Size;
                    break;
                case Part.Trailer when text.Length == 0:
                    return ReplyState.Complete;
            }
        }
    }

    private bool TryReadSize(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out _left, out var digits, 'x')
        && _left >= 0
        && (digits == line.Length || line[digits] is (byte)';' or (byte)' ' or (byte)'\t')
        && _left <= maxLength - _decoded.Length;
}
