using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Resources.Files;

/// <summary>A result with one file's contents, read while it is sent. Takes over the file.</summary>
internal sealed class FileContentStream(OpenFile file, byte[] head, byte[] tail) : IResultStream
{
    // Three bytes are four characters of base64, so that only the last piece has padding; 48 KiB give 64 KiB.
    private const int Piece = 48 * 1024;

    private readonly byte[] _buffer = PooledArrays.Rent<byte>(Piece);
    private readonly PooledByteWriter _escaped = new(Piece);
    private long _offset = -1;
    private bool _disposed;

    /// <inheritdoc/>
    public long Length => file.IsText ? -1 : head.Length + ((file.Length + 2) / 3 * 4) + tail.Length;

    /// <inheritdoc/>
    public async ValueTask<bool> WriteNextAsync(IBufferWriter<byte> writer, CancellationToken cancellationToken)
    {
        if (_offset < 0)
        {
            _offset = 0;
            writer.Write(head);
        }

        if (_offset < file.Length)
        {
            var count = await file.ReadAsync(_buffer.AsMemory(0, Piece), _offset, cancellationToken).ConfigureAwait(false);
            _offset += file.IsText ? WriteText(writer, _buffer.AsSpan(0, count)) : WriteBase64(writer, _buffer.AsSpan(0, count));
        }

        if (_offset < file.Length)
        {
            return true;
        }

        writer.Write(tail);
        return false;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            file.Dispose();
            _escaped.Dispose();
            PooledArrays.Return(_buffer);
        }
    }

    private static int WriteBase64(IBufferWriter<byte> writer, ReadOnlySpan<byte> piece)
    {
        _ = Base64.EncodeToUtf8(piece, writer.GetSpan(Base64.GetMaxEncodedToUtf8Length(piece.Length)), out var read, out var written);
        writer.Advance(written);
        return read;
    }

    private int WriteText(IBufferWriter<byte> writer, ReadOnlySpan<byte> piece)
    {
        var whole = _offset + piece.Length == file.Length ? piece.Length : FileTypes.WholeCharacters(piece);
        if (!Utf8.IsValid(piece[..whole]))
        {
            throw new IOException("The file changed while it was read, and is no longer text.");
        }

        _escaped.Clear();
        JsonStringWriter.WriteContent(_escaped, piece[..whole]);
        writer.Write(_escaped.WrittenSpan);
        return whole;
    }
}
