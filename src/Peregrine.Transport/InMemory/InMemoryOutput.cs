using System.IO.Pipelines;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.InMemory;

/// <summary>What the other end of an in-memory connection receives. For one writer at a time.</summary>
internal sealed class InMemoryOutput : OneWayStream
{
    private readonly InMemoryPipe _pipe;

    // For what nobody on a hot path does.
    private readonly Stream _plain;

    internal InMemoryOutput(InMemoryPipe pipe, PipeWriter writer)
    {
        _pipe = pipe;
        _plain = writer.AsStream();
    }

    /// <inheritdoc/>
    public override bool CanWrite => _plain.CanWrite;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var writing = _pipe.WriteAsync(buffer, cancellationToken);
        if (!writing.IsCompletedSuccessfully)
        {
            return WaitForRoomAsync(writing);
        }

        writing.GetAwaiter().GetResult();
        return default;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _plain.Write(buffer, offset, count);

    /// <summary>Does nothing: every write is a whole one.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async ValueTask WaitForRoomAsync(ValueTask<FlushResult> writing) => await writing.ConfigureAwait(false);
}
