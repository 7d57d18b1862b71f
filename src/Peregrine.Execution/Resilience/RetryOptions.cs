namespace Peregrine.Execution.Resilience;

/// <summary>How often and when what failed is tried again. What may be tried again at all is decided elsewhere, by what failed.</summary>
public sealed record RetryOptions
{
    /// <summary>For a person who waits: two attempts of at most 5 s, half a second apart.</summary>
    public static RetryOptions Interactive { get; } = new() { MaxAttempts = 2, BaseDelay = TimeSpan.FromMilliseconds(500), AttemptTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>For a network that breaks often and recovers soon: three attempts, 100 ms and 300 ms apart.</summary>
    public static RetryOptions Network { get; } =
        new() { MaxAttempts = 3, BaseDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(5), Multiplier = 3 };

    /// <summary>For calls that cost their server much: two attempts, 5 s apart.</summary>
    public static RetryOptions Expensive { get; } = new() { MaxAttempts = 2, BaseDelay = TimeSpan.FromSeconds(5) };

    /// <summary>One attempt and no more.</summary>
    public static RetryOptions None { get; } = new() { MaxAttempts = 1 };

    /// <summary>All attempts, the first included. 1 to 10; default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long to wait before the second attempt. 1 ms to 10 min; default 1 s.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the other side asks for more: then it is not tried again. <see cref="BaseDelay"/> to 1 h; default 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how much each wait is longer than the one before. 1 to 10; default 2.</summary>
    public double Multiplier { get; init; } = 2;

    /// <summary>By what part of itself a wait is made longer or shorter at random, so that many callers do not come back at once. 0 to 1; default 0.2.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>
    /// How long one attempt may take, so that another can follow within the time of the request. Null (the default): one attempt may use all of that time, and there is none after it. 1 ms to 2 h.
    /// </summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, MaxAttempts, 1, 10, $"{name}.MaxAttempts");
        OptionRange.Check(faults, BaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), $"{name}.BaseDelay");
        OptionRange.Check(faults, MaxDelay, BaseDelay, TimeSpan.FromHours(1), $"{name}.MaxDelay");
        OptionRange.Check(faults, Multiplier, 1, 10, $"{name}.Multiplier");
        OptionRange.Check(faults, Jitter, 0, 1, $"{name}.Jitter");
        if (AttemptTimeout is { } timeout)
        {
            OptionRange.Check(faults, timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(2), $"{name}.AttemptTimeout");
        }
    }

    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">0 for the first retry.</param>
    /// <param name="random">From 0 to 1.</param>
    internal TimeSpan DelayBefore(int retry, double random)
    {
        var seconds = Math.Min(BaseDelay.TotalSeconds * Math.Pow(Multiplier, retry), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(seconds * (1 + (Jitter * ((2 * random) - 1))), MaxDelay.TotalSeconds));
    }
}
