using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;

namespace Peregrine.Transport.Stdio;

/// <summary>
/// Writes messages as lines with as few system calls as the moment allows. Two buffers: messages go into one under a short lock, while the other is being written
/// outside it. Thread-safe; <see cref="Flush"/> may block as long as the peer does not read, so one thread at most waits there.
/// </summary>
public sealed class CoalescingWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _progress = new(false);
    private readonly BlockingChannel _channel;
    private PooledByteWriter _filling = new(16 * 1024);
    private PooledByteWriter _sending = new(16 * 1024);
    private bool _flushing;
    private int _pending;
    private int _unsent;
    private bool _waiting;
    private Exception? _failure;

    /// <summary>Makes a writer to <paramref name="channel"/>, which it does not own.</summary>
    public CoalescingWriter(BlockingChannel channel) => _channel = channel;

    /// <summary>Bytes that no flush has taken yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Bytes that the peer has not taken yet.</summary>
    public int Unsent => Volatile.Read(ref _unsent);

    /// <summary>Why nothing can be written any more, or null.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Adds one message and the line feed that ends it; raw line breaks in it become spaces. Does not write yet. Drops it where the peer is gone.</summary>
    public void Append(ReadOnlySpan<byte> message) => Append(message, default, default);

    /// <summary>Adds one message that lies in three pieces.</summary>
    public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            var filling = _filling;
            var length = head.Length + body.Length + tail.Length;
            var span = filling.GetSpan(length + 1);
            head.CopyTo(span);
            body.CopyTo(span[head.Length..]);
            tail.CopyTo(span[(head.Length + body.Length)..]);
            LineBreaks.ReplaceWithSpaces(span[..length]);
            span[length] = (byte)'\n';
            filling.Advance(length + 1);
            _pending = filling.Length;
            _unsent += length + 1;
        }
    }

    /// <summary>Writes all that is pending, unless another thread is at it: that one takes the rest too.</summary>
    public void Flush()
    {
        while (TryBegin(out var sending))
        {
            var written = sending.Length;
            Exception? failure = null;
            try
            {
                _channel.Write(sending.WrittenSpan);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                failure = exception;
            }

            End(sending, written, failure);
        }
    }

    /// <summary>Writes what is pending where that would not block.</summary>
    /// <returns>False where something is left that nobody is writing.</returns>
    public bool TryFlush()
    {
        var pending = Pending;
        if (pending == 0)
        {
            return true;
        }

        if (!_channel.CanWrite(pending))
        {
            return false;
        }

        // Messages may have come since the look, but no more than one page is promised: a rare block is short, for the peer is reading.
        Flush();
        return true;
    }

    /// <summary>Waits until at most <paramref name="bytes"/> are unsent, or nothing can be sent any more.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="milliseconds">How long at most; -1 for ever.</param>
    /// <returns>False after that time without progress.</returns>
    public bool WaitForRoom(int bytes, int milliseconds = Timeout.Infinite)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_unsent <= bytes || _failure is not null)
                {
                    _waiting = false;
                    return true;
                }

                _waiting = true;
                _progress.Reset();
            }

            if (!_progress.Wait(milliseconds))
            {
                return false;
            }
        }
    }

    /// <summary>Gives the buffers back. What is pending, and what comes later, is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _failure ??= new IOException("The writer was closed.");
            _filling.Dispose();
            if (!_flushing)
            {
                _sending.Dispose();
            }

            SignalProgress();
        }
    }

    private void SignalProgress()
    {
        if (_waiting)
        {
            _progress.Set();
        }
    }

    private bool TryBegin(out PooledByteWriter sending)
    {
        lock (_gate)
        {
            sending = _filling;
            if (_flushing || _filling.Length == 0 || _failure is not null)
            {
                return false;
            }

            _flushing = true;
            _filling = _sending;
            _sending = sending;
            _pending = 0;
            return true;
        }
    }

    private void End(PooledByteWriter sending, int written, Exception? failure)
    {
        lock (_gate)
        {
            sending.Clear();
            _flushing = false;
            _unsent -= written;
            _failure ??= failure;
            if (_failure is not null)
            {
                // Also where the writer was closed meanwhile: nobody will write any more.
                _filling.Dispose();
                _sending.Dispose();
                _pending = 0;
                _unsent = 0;
            }

            SignalProgress();
        }
    }
}
