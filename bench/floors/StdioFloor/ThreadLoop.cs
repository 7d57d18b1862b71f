using System.Buffers;

namespace Peregrine.Bench.Floors.Stdio;

/// <summary>A thread of its own reads descriptor 0; every message is a work item of the thread pool; replies are coalesced into one write.</summary>
internal sealed class ThreadLoop(ReplyTemplate reply)
{
    /// <summary>Replies are written at the latest when this many bytes wait, so that a server that is never idle still answers.</summary>
    private const int FlushBytes = 32 * 1024;

    private readonly Lock _lock = new();
    private ArrayBufferWriter<byte> _filling = new(2 * FlushBytes);
    private ArrayBufferWriter<byte> _flushing = new(2 * FlushBytes);
    private bool _isFlushing;
    private int _inHand;

    public void Run()
    {
        var reader = new Thread(ReadAll) { IsBackground = false, Name = "stdin" };
        reader.Start();
        reader.Join();
        SpinWait.SpinUntil(() => Volatile.Read(ref _inHand) == 0);
    }

    private void ReadAll()
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            int count = Descriptor.Read(0, buffer.AsSpan(filled));
            if (count == 0)
                return;
            filled += count;
            int start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                Interlocked.Increment(ref _inHand);
                ThreadPool.UnsafeQueueUserWorkItem(Call.Rent(this, buffer.AsSpan(start, length)), preferLocal: false);
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        bool hasId = ReplyTemplate.TryReadId(message, out ReadOnlySpan<byte> id);
        ArrayBufferWriter<byte> toFlush;
        lock (_lock)
        {
            if (hasId)
                _filling.Advance(reply.Write(_filling.GetSpan(reply.LengthFor(id.Length)), id));
            bool isLast = Interlocked.Decrement(ref _inHand) == 0;
            if (_isFlushing || _filling.WrittenCount == 0 || (!isLast && _filling.WrittenCount < FlushBytes))
                return;
            toFlush = Swap();
        }

        Flush(toFlush);
    }

    private ArrayBufferWriter<byte> Swap()
    {
        _isFlushing = true;
        (_filling, _flushing) = (_flushing, _filling);
        return _flushing;
    }

    private void Flush(ArrayBufferWriter<byte> buffer)
    {
        while (true)
        {
            Descriptor.Write(1, buffer.WrittenSpan);
            buffer.ResetWrittenCount();
            lock (_lock)
            {
                // What was added while this write ran has found a flush under way and left; it is this one's to write.
                if (_filling.WrittenCount == 0)
                {
                    _isFlushing = false;
                    return;
                }

                buffer = Swap();
            }
        }
    }

    private sealed class Call : IThreadPoolWorkItem
    {
        private static readonly System.Collections.Concurrent.ConcurrentQueue<Call> s_pool = new();
        private ThreadLoop? _owner;
        private byte[] _message = new byte[512];
        private int _length;

        public static Call Rent(ThreadLoop owner, ReadOnlySpan<byte> message)
        {
            if (!s_pool.TryDequeue(out Call? call))
                call = new Call();
            if (call._message.Length < message.Length)
                call._message = new byte[message.Length];
            message.CopyTo(call._message);
            call._length = message.Length;
            call._owner = owner;
            return call;
        }

        public void Execute()
        {
            _owner!.Answer(_message.AsSpan(0, _length));
            s_pool.Enqueue(this);
        }
    }
}
