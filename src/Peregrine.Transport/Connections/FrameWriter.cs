using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Transport.Connections;

/// <summary>
/// Many callers, one stream: frames gather in one buffer while the other is written, so that calls which come close together share a system call. Whoever finds no
/// flush in progress starts one. Thread-safe.
/// </summary>
internal sealed class FrameWriter : IThreadPoolWorkItem, IDisposable
{
    // A caller that flushes for itself soon flushes for others too; after so many rounds it hands that over.
    private const int RoundsOfCaller = 4;

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly int _maxUnsent;
    private readonly IWorkScheduler _scheduler;
    private readonly Action<Exception> _onFault;
    private PooledByteWriter _filling = new(4096);
    private PooledByteWriter _sending = new(4096);
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private bool _flushing;
    private bool _closed;

    internal FrameWriter(Stream output, int maxUnsent, IWorkScheduler scheduler, Action<Exception> onFault)
    {
        _output = output;
        _maxUnsent = maxUnsent;
        _scheduler = scheduler;
        _onFault = onFault;
    }

    /// <summary>What became of a frame.</summary>
    internal enum Outcome : byte
    {
        Taken,
        Full,
        Closed,
    }

    /// <summary>Takes a request, unless too much waits already.</summary>
    internal Outcome TryWrite(in OutgoingRequest request, long id)
    {
        bool start;
        lock (_gate)
        {
            if (_closed)
            {
                return Outcome.Closed;
            }

            if (IsFull)
            {
                return Outcome.Full;
            }

            var before = _filling.Length;
            try
            {
                request.WriteTo(_filling, id);
                _filling.WriteByte((byte)'\n');
            }
            catch
            {
                // Half a frame must not reach the stream, where it would spoil the next one.
                _filling.Truncate(before);
                throw;
            }

            start = TakeFlush();
        }

        StartFlush(start);
        return Outcome.Taken;
    }

    /// <summary>Takes a frame that is on one line already, without its line feed.</summary>
    /// <param name="frame">The frame; copied.</param>
    /// <param name="evenIfFull">True for short frames that end something, such as a cancellation: they must not wait behind what they cancel.</param>
    internal Outcome TryWrite(ReadOnlySpan<byte> frame, bool evenIfFull)
    {
        bool start;
        lock (_gate)
        {
            if (_closed)
            {
                return Outcome.Closed;
            }

            if (IsFull && !evenIfFull)
            {
                return Outcome.Full;
            }

            _filling.Write(frame);
            _filling.WriteByte((byte)'\n');
            start = TakeFlush();
        }

        StartFlush(start);
        return Outcome.Taken;
    }

    /// <summary>Ends when there is room, or the writer is closed.</summary>
    internal Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_closed || !IsFull)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Ends when all that was taken is written, or the writer is closed.</summary>
    internal Task WaitForIdleAsync()
    {
        lock (_gate)
        {
            if (_closed || !_flushing)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Takes nothing more. What waits is dropped; those who wait are woken.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Wake(ref _room);
            Wake(ref _idle);
            if (!_flushing)
            {
                ReturnBuffers();
            }
        }
    }

    /// <inheritdoc/>
    public void Execute() => StartFlush(start: true);

    private bool IsFull => _filling.Length + _sending.Length >= _maxUnsent;

    private static void Wake(ref TaskCompletionSource? waiting)
    {
        waiting?.TrySetResult();
        waiting = null;
    }

    private bool TakeFlush()
    {
        if (_flushing)
        {
            return false;
        }

        _flushing = true;
        return true;
    }

    private void StartFlush(bool start)
    {
        if (start)
        {
            // Faults go to the connection from inside: nobody awaits this task.
            _ = FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            for (var round = 0; TrySwap(out var batch); round++)
            {
                await _output.WriteAsync(batch).ConfigureAwait(false);
                await _output.FlushAsync().ConfigureAwait(false);
                EndRound();
                if (round == RoundsOfCaller)
                {
                    _scheduler.Schedule(this);
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            EndAfterFault();
            _onFault(exception);
        }
    }

    private bool TrySwap(out ReadOnlyMemory<byte> batch)
    {
        lock (_gate)
        {
            batch = default;
            if (_closed || _filling.Length == 0)
            {
                _flushing = false;
                Wake(ref _idle);
                if (_closed)
                {
                    ReturnBuffers();
                }

                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            batch = _sending.WrittenMemory;
            return true;
        }
    }

    private void EndRound()
    {
        lock (_gate)
        {
            _sending.Clear();
            if (!IsFull)
            {
                Wake(ref _room);
            }
        }
    }

    private void EndAfterFault()
    {
        lock (_gate)
        {
            _closed = true;
            _flushing = false;
            Wake(ref _room);
            Wake(ref _idle);
            ReturnBuffers();
        }
    }

    private void ReturnBuffers()
    {
        _filling.Dispose();
        _sending.Dispose();
    }
}
