using System.Threading.Tasks.Sources;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Tests.Allocation;

/// <summary>
/// A peer that sends the same messages again and again and counts the lines that come back, without allocating: what is allocated meanwhile is the server's.
/// </summary>
internal sealed class RoundTrips(int count) : IDisposable
{
    private readonly SemaphoreSlim _answered = new(0);
    private int _lines;
    private Action? _ask;

    /// <summary>Sends all messages once, and waits for as many lines.</summary>
    internal void Run()
    {
        _ask!();
        if (!_answered.Wait(TimeSpan.FromSeconds(60)))
        {
            Assert.Fail("No answer.");
        }
    }

    public void Dispose() => _answered.Dispose();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (Interlocked.Add(ref _lines, bytes.Count((byte)'\n')) is var lines && lines >= count)
        {
            // Not Assert.Equal, which allocates.
            if (lines > count)
            {
                Assert.Fail($"{lines} lines for {count} messages.");
            }

            Volatile.Write(ref _lines, 0);
            _answered.Release();
        }
    }

    /// <summary>The server's side as a channel.</summary>
    internal sealed class Channel : BlockingChannel
    {
        private readonly RoundTrips _peer;
        private readonly byte[] _messages;
        private readonly SemaphoreSlim _asked = new(0);
        private int _at;
        private bool _ended;

        internal Channel(RoundTrips peer, byte[] messages)
        {
            (_peer, _messages, _at) = (peer, messages, messages.Length);
            peer._ask = () => _asked.Release();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_at == _messages.Length)
            {
                _asked.Wait();
                _at = 0;
            }

            if (_ended)
            {
                return 0;
            }

            var length = Math.Min(buffer.Length, _messages.Length - _at);
            _messages.AsSpan(_at, length).CopyTo(buffer);
            _at += length;
            return length;
        }

        public override void Write(ReadOnlySpan<byte> bytes) => _peer.Take(bytes);

        public override bool WaitReadable(int milliseconds) => _at < _messages.Length || _asked.AvailableWaitHandle.WaitOne(milliseconds);

        public override bool CanWrite(int count) => true;

        internal void End()
        {
            _ended = true;
            _asked.Release();
        }

        protected override void Dispose(bool disposing) => _asked.Dispose();
    }

    /// <summary>The server's side as a stream, read and written.</summary>
    internal sealed class Duplex : Stream, IValueTaskSource<int>
    {
        private readonly RoundTrips _peer;
        private readonly byte[] _messages;
        private readonly Lock _gate = new();
        private ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = true };
        private Memory<byte> _waiting;
        private bool _isWaiting;
        private bool _ended;
        private int _at;

        internal Duplex(RoundTrips peer, byte[] messages)
        {
            (_peer, _messages, _at) = (peer, messages, messages.Length);
            peer._ask = () => Go(end: false);
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                if (_at < _messages.Length || _ended)
                {
                    return new(Copy(buffer));
                }

                _source.Reset();
                (_waiting, _isWaiting) = (buffer, true);
                return new(this, _source.Version);
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _peer.Take(buffer.Span);
            return default;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public int GetResult(short token) => _source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        internal void End() => Go(end: true);

        private void Go(bool end)
        {
            lock (_gate)
            {
                (_at, _ended) = (end ? _messages.Length : 0, end);
                if (_isWaiting)
                {
                    _isWaiting = false;
                    _source.SetResult(Copy(_waiting));
                }
            }
        }

        private int Copy(Memory<byte> buffer)
        {
            var length = Math.Min(buffer.Length, _messages.Length - _at);
            _messages.AsSpan(_at, length).CopyTo(buffer.Span);
            _at += length;
            return length;
        }
    }
}
