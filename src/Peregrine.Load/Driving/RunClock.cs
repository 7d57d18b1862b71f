namespace Peregrine.Load.Driving;

/// <summary>Time since the start, in nanoseconds.</summary>
internal sealed class RunClock
{
    internal const long Second = 1_000_000_000;
    internal const long Millisecond = 1_000_000;

    /// <summary>How soon a thread that waits before the load notices that nobody wants it any more.</summary>
    internal const long LookTime = 50 * Millisecond;

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly double _scale;

    internal RunClock(TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _scale = (double)Second / time.TimestampFrequency;
    }

    internal long Now => (long)((_time.GetTimestamp() - _origin) * _scale);
}
