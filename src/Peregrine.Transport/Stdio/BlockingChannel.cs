namespace Peregrine.Transport.Stdio;

/// <summary>
/// A byte stream in each direction, read and written by threads that may block. Reading and writing may go on at the same time; each direction is for one thread
/// at a time.
/// </summary>
public abstract class BlockingChannel : IDisposable
{
    /// <summary>Waits for bytes.</summary>
    /// <returns>How many were read; 0 at the end of the stream.</returns>
    /// <exception cref="IOException">The channel broke.</exception>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Writes all of <paramref name="bytes"/>, waiting as long as the peer does not read.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until <see cref="Read"/> would not block.</summary>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>False after that time. True at once where the channel cannot tell.</returns>
    public abstract bool WaitReadable(int milliseconds);

    /// <summary>True where writing <paramref name="count"/> bytes would not block; false also where the channel cannot tell.</summary>
    public abstract bool CanWrite(int count);

    /// <summary>Closes the channel.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the channel.</summary>
    protected abstract void Dispose(bool disposing);
}
