using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.InMemory;

/// <summary>What the other end of an in-memory connection sends. For one reader at a time.</summary>
internal sealed class InMemoryInput : OneWayStream
{
    private readonly InMemoryPipe _pipe;
    private readonly PipeReader _reader;

    // For what nobody on a hot path does.
    private readonly Stream _plain;

    internal InMemoryInput(InMemoryPipe pipe, PipeReader reader)
    {
        _pipe = pipe;
        _reader = reader;
        _plain = reader.AsStream();
    }

    /// <inheritdoc/>
    public override bool CanRead => _plain.CanRead;

    /// <summary>True where the reader runs on the thread that writes at the other end.</summary>
    internal bool IsOnWriter => _pipe.IsOnWriter;

    /// <inheritdoc cref="InMemoryPipe.WakeOnWriter"/>
    internal void WakeOnWriter() => _pipe.WakeOnWriter();

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var bytes = read.Buffer;
        var count = (int)Math.Min(bytes.Length, buffer.Length);
        var taken = bytes.Slice(0, count);
        taken.CopyTo(buffer.Span);
        _reader.AdvanceTo(taken.End);
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _plain.Read(buffer, offset, count);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
        }

        base.Dispose(disposing);
    }
}
