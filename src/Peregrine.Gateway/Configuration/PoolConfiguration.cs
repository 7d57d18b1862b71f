using Peregrine.Execution.Resilience;

namespace Peregrine.Gateway.Configuration;

/// <summary>How many processes of one server over stdio run at once. Immutable.</summary>
public sealed record PoolConfiguration
{
    /// <summary>One process.</summary>
    public static PoolConfiguration Single { get; } = new();

    /// <summary>How many run always. 1 to 64.</summary>
    /// <value>1.</value>
    public int Min { get; init; } = 1;

    /// <summary>How many run at most. <see cref="Min"/> to 64.</summary>
    /// <value>1.</value>
    public int Max { get; init; } = 1;

    /// <summary>Another process is started when each that runs has so many calls in flight. 1 to 10,000.</summary>
    /// <value>1.</value>
    public int GrowAt { get; init; } = 1;

    /// <summary>A process beyond <see cref="Min"/> that had nothing to do for so long is ended. More than zero.</summary>
    /// <value>60 seconds.</value>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, Min, 1, 64, $"{name}.{nameof(Min)}");
        OptionRange.Check(faults, Max, Math.Clamp(Min, 1, 64), 64, $"{name}.{nameof(Max)}");
        OptionRange.Check(faults, GrowAt, 1, 10_000, $"{name}.{nameof(GrowAt)}");
        OptionRange.Check(faults, IdleTime, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), $"{name}.{nameof(IdleTime)}");
    }
}
