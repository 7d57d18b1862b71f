using Peregrine.Transport.Stdio;

namespace Peregrine.Transport.Tests.Stdio;

/// <summary>A channel whose writes wait until the test lets them go, and are kept.</summary>
internal sealed class GatedChannel : BlockingChannel
{
    private readonly MemoryStream _written = new();
    private readonly SemaphoreSlim _gate = new(0);
    private readonly SemaphoreSlim _entered = new(0);
    private readonly Exception? _failure;
    private readonly bool _open;
    private int _writing;

    /// <param name="open">True where writes need no gate.</param>
    /// <param name="failure">What every write ends with.</param>
    internal GatedChannel(bool open = false, Exception? failure = null)
    {
        _open = open;
        _failure = failure;
    }

    internal bool Writable { get; set; }

    internal int Writes { get; private set; }

    internal string Written
    {
        get
        {
            lock (_written)
            {
                return System.Text.Encoding.UTF8.GetString(_written.ToArray());
            }
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(1, Interlocked.Increment(ref _writing));
        var copy = bytes.ToArray();
        _entered.Release();
        if (!_open)
        {
            Assert.True(_gate.Wait(TestTime.Limit));
        }

        // Nobody may have changed what is being written.
        Assert.True(bytes.SequenceEqual(copy));
        lock (_written)
        {
            Writes++;
            if (_failure is null)
            {
                _written.Write(bytes);
            }
        }

        Interlocked.Decrement(ref _writing);
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public override bool WaitReadable(int milliseconds) => true;

    public override bool CanWrite(int count) => Writable;

    internal void WaitForWrite() => Assert.True(_entered.Wait(TestTime.Limit));

    internal void LetGo(int writes = 1) => _gate.Release(writes);

    protected override void Dispose(bool disposing)
    {
    }
}
