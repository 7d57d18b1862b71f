using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Transport.InMemory;

namespace Peregrine.Server.Duplex;

/// <summary>Output over a stream that is written asynchronously: nobody ever blocks. Two buffers, one write under way at a time. Thread-safe.</summary>
/// <param name="stream">Written by nobody else.</param>
/// <param name="maxUnsent">How many bytes may wait before no further call should begin.</param>
/// <param name="asEvents">True to send messages as server-sent events; else one a line.</param>
internal sealed class StreamOutput(Stream stream, int maxUnsent, bool asEvents = false) : IMessageOutput, IDisposable
{
    private readonly Lock _gate = new();
    private PooledByteWriter _filling = new(4096);
    private PooledByteWriter _sending = new(4096);
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _writing;
    private bool _broken;
    private int _unsent;

    public int Pending => 0;

    public bool IsFull => Unsent > maxUnsent;

    public bool IsWatched => false;

    public Action? Sent { get; set; }

    /// <summary>Bytes that the peer has not taken yet.</summary>
    internal int Unsent => Volatile.Read(ref _unsent);

    public void Append(ReadOnlySpan<byte> message) => Append(message, default, default);

    public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        lock (_gate)
        {
            if (_broken)
            {
                return;
            }

            var written = _filling.Length;
            _filling.Write(asEvents ? "event: message\ndata: "u8 : default);
            var length = head.Length + body.Length + tail.Length;
            var span = _filling.GetSpan(length);
            head.CopyTo(span);
            body.CopyTo(span[head.Length..]);
            tail.CopyTo(span[(head.Length + body.Length)..]);
            LineBreaks.ReplaceWithSpaces(span[..length]);
            _filling.Advance(length);
            _filling.Write(asEvents ? "\n\n"u8 : "\n"u8);
            _unsent += _filling.Length - written;
        }
    }

    /// <summary>Sends a comment, which keeps the connection alive, where nothing else is being sent. For events.</summary>
    internal void KeepAlive()
    {
        lock (_gate)
        {
            if (_broken || _unsent > 0)
            {
                return;
            }

            SseWriter.WriteKeepAlive(_filling);
            _unsent = _filling.Length;
        }

        Flush();
    }

    public void Flush()
    {
        if (TryBegin())
        {
            _ = WriteAllAsync();
        }
    }

    public bool TryFlush()
    {
        Flush();
        return true;
    }

    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (_unsent <= maxUnsent || _broken)
                {
                    return;
                }

                progress = _progress.Task;
            }

            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask FinishAsync(TimeSpan patience)
    {
        Flush();
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (_unsent == 0 || _broken)
                {
                    return;
                }

                progress = _progress.Task;
            }

            // A peer that takes nothing for so long is not reading.
            if (await Task.WhenAny(progress, Task.Delay(patience, TimeProvider.System)).ConfigureAwait(false) != progress)
            {
                return;
            }
        }
    }

    /// <summary>Gives the buffers back. What is unsent is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _broken = true;
            _filling.Dispose();
            if (!_writing)
            {
                // Otherwise the stream still reads from it: then it is given back when the stream lets go.
                _sending.Dispose();
            }
        }
    }

    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_writing || _filling.Length == 0 || _broken)
            {
                return false;
            }

            _writing = true;
            (_filling, _sending) = (_sending, _filling);
            return true;
        }
    }

    private async Task WriteAllAsync()
    {
        var more = true;
        while (more)
        {
            var broken = false;
            try
            {
                await stream.WriteAsync(_sending.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
                await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                broken = true;
            }

            more = End(broken);
            if (more)
            {
                // What this round has woken does not wait for the next.
                KeptWork.Release();
            }

            Sent?.Invoke();
        }
    }

    private bool End(bool broken)
    {
        lock (_gate)
        {
            _unsent -= _sending.Length;
            _sending.Clear();
            _writing = false;
            _broken |= broken;
            if (_broken)
            {
                // Also where the output was closed meanwhile: nobody will write any more.
                _unsent = 0;
                _filling.Dispose();
                _sending.Dispose();
            }

            var more = _filling.Length > 0;
            if (more)
            {
                _writing = true;
                (_filling, _sending) = (_sending, _filling);
            }

            _progress.TrySetResult();
            _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return more;
        }
    }
}
