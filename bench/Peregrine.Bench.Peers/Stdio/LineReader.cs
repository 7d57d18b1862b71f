using Peregrine.Bench.Peers.Processes;

namespace Peregrine.Bench.Peers.Stdio;

/// <summary>Splits what a descriptor yields into lines, without copying those that came whole.</summary>
internal sealed class LineReader(int descriptor)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Waits for more bytes; false at the end of the stream. Lines taken before become invalid.</summary>
    public bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int count = Descriptor.Read(descriptor, _buffer.AsSpan(_end));
        _end += count;
        return count > 0;
    }

    /// <summary>Takes the next whole line, without its line feed.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        line = length < 0 ? default : _buffer.AsSpan(_start, length);
        _start += length + 1;
        return length >= 0;
    }
}
