namespace Peregrine.Gateway.Policies;

/// <summary>Counts the time of calls. No state.</summary>
internal static class CallClock
{
    /// <summary>When a call that begins now ends.</summary>
    internal static long Deadline(TimeSpan time, TimeProvider clock) => clock.GetTimestamp() + Math.Max(1, (long)(time.TotalSeconds * clock.TimestampFrequency));

    /// <summary>What is left of a call's time; zero where it has no end, one tick where it is over.</summary>
    internal static TimeSpan Left(long deadline, TimeProvider clock)
    {
        if (deadline == 0)
        {
            return TimeSpan.Zero;
        }

        var left = clock.GetElapsedTime(clock.GetTimestamp(), deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }
}
