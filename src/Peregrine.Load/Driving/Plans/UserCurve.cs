using Peregrine.Load.Workloads;

namespace Peregrine.Load.Driving.Plans;

/// <summary>How many users a closed loop has over time. Immutable.</summary>
internal sealed class UserCurve(IReadOnlyList<Stage> stages)
{
    private readonly IReadOnlyList<Stage> _stages = stages;

    /// <summary>The most users at any time.</summary>
    internal int Most { get; } = stages.Max(static stage => stage.Concurrency!.Value);

    /// <summary>Users at a time, in nanoseconds from the start.</summary>
    internal int At(long time)
    {
        var rest = Math.Max(0, time) / (double)RunClock.Second;
        var before = 0;
        foreach (var stage in _stages)
        {
            var seconds = stage.Duration.TotalSeconds;
            var to = stage.Concurrency!.Value;
            if (rest < seconds)
            {
                // At least one while a ramp rises from nothing.
                return stage.Ramp ? (int)Math.Ceiling(before + ((to - before) * rest / seconds)) : to;
            }

            rest -= seconds;
            before = to;
        }

        return 0;
    }
}
