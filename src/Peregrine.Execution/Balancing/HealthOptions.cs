using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Balancing;

/// <summary>When a server is taken out of use, and when it comes back.</summary>
public sealed record HealthOptions
{
    /// <summary>How many failures in a row take it out. 1 to 1,000; default 3.</summary>
    public int FailuresToEject { get; init; } = 3;

    /// <summary>How long it stays out the first time; each further time in a row doubles it. 1 ms to 1 h; default 1 s.</summary>
    public TimeSpan EjectionTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest it stays out at a time. <see cref="EjectionTime"/> to 1 h; default 30 s.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, FailuresToEject, 1, 1000, $"{name}.FailuresToEject");
        OptionRange.Check(faults, EjectionTime, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), $"{name}.EjectionTime");
        OptionRange.Check(faults, MaxEjectionTime, EjectionTime, TimeSpan.FromHours(1), $"{name}.MaxEjectionTime");
    }
}
