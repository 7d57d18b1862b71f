namespace Peregrine.Server.Tests.Serving;

/// <summary>A clock that moves only when it is told to, at another frequency than the system's. Timers are the system's.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _ticks = 1;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    internal void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, (long)time.TotalMicroseconds);
}
