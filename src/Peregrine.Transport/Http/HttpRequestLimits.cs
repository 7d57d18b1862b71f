using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>What ends one HTTP request early: its caller's token, its time, the connection's end. Tells them apart afterwards.</summary>
internal sealed class HttpRequestLimits : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly CancellationToken _closed;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _closedRegistration;

    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _timeout;
    private readonly long _last;

    /// <param name="options">What bounds the request.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="caller">The caller's token.</param>
    /// <param name="closed">Fires when the connection is closed.</param>
    /// <param name="passed">How much of its time has passed already.</param>
    internal HttpRequestLimits(in SendOptions options, TimeProvider timeProvider, CancellationToken caller, CancellationToken closed, TimeSpan passed = default)
    {
        var timeout = options.Timeout;
        _timeProvider = timeProvider;
        _timeout = timeout;
        _last = options.MovesWithProgress ? timeProvider.GetTimestamp() + (long)((options.MaxTimeout - passed).TotalSeconds * timeProvider.TimestampFrequency) : 0;
        _caller = caller;
        _closed = closed;
        _source = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout > passed ? timeout - passed : TimeSpan.FromTicks(1), timeProvider) : new CancellationTokenSource();
        _callerRegistration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
        _closedRegistration = closed.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    internal CancellationToken Token => _source.Token;

    internal bool CallerCancelled => _caller.IsCancellationRequested;

    internal bool Closed => _closed.IsCancellationRequested;

    internal bool TimedOut => _source.IsCancellationRequested && !CallerCancelled && !Closed;

    /// <summary>True where progress moves the end of the wait.</summary>
    internal bool Moves => _last != 0;

    /// <summary>Moves the end of the wait: there was progress. Called while the request is read, so never after its end.</summary>
    internal void Move()
    {
        if (_last != 0)
        {
            var left = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), _last);
            var next = left < _timeout ? left : _timeout;
            _source.CancelAfter(next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _callerRegistration.Dispose();
        _closedRegistration.Dispose();
        _source.Dispose();
    }
}
