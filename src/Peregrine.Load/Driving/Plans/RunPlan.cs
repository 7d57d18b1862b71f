namespace Peregrine.Load.Driving.Plans;

/// <summary>What the workers do in one part of a run, warm-up or measurement.</summary>
/// <param name="Start">When it begins, on the run's clock.</param>
/// <param name="Length">How long, in nanoseconds.</param>
/// <param name="Arrivals">When iterations are due; null in a closed loop.</param>
/// <param name="Users">How many users there are; null in an open loop.</param>
internal sealed record RunPlan(long Start, long Length, ArrivalSchedule? Arrivals, UserCurve? Users)
{
    private volatile bool _isStopped;

    internal long End => Start + Length;

    /// <summary>True once it is to end early.</summary>
    internal bool IsStopped => _isStopped;

    internal void Stop() => _isStopped = true;
}
