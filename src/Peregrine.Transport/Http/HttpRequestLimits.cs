namespace Peregrine.Transport.Http;

/// <summary>What ends one HTTP request early: its caller's token, its time, the connection's end. Tells them apart afterwards.</summary>
internal sealed class HttpRequestLimits : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly CancellationToken _closed;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _closedRegistration;

    internal HttpRequestLimits(TimeSpan timeout, TimeProvider timeProvider, CancellationToken caller, CancellationToken closed)
    {
        _caller = caller;
        _closed = closed;
        _source = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, timeProvider) : new CancellationTokenSource();
        _callerRegistration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
        _closedRegistration = closed.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    internal CancellationToken Token => _source.Token;

    internal bool CallerCancelled => _caller.IsCancellationRequested;

    internal bool Closed => _closed.IsCancellationRequested;

    internal bool TimedOut => _source.IsCancellationRequested && !CallerCancelled && !Closed;

    public void Dispose()
    {
        _callerRegistration.Dispose();
        _closedRegistration.Dispose();
        _source.Dispose();
    }
}
