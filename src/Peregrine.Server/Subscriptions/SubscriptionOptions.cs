namespace Peregrine.Server.Subscriptions;

/// <summary>
/// Limits of <c>subscriptions/listen</c> and <c>resources/subscribe</c>, and how notifications are timed. Immutable; change it with <c>with</c>. Validated whole when the server is built.
/// </summary>
public sealed record SubscriptionOptions
{
    /// <summary>The defaults.</summary>
    public static SubscriptionOptions Default { get; } = new();

    /// <summary>How many listen streams may be open on the server, over all its fronts; one more is refused with error 4001. 0 to 10,000,000.</summary>
    /// <value>65,536.</value>
    public int MaxStreams { get; init; } = 65_536;

    /// <summary>How many resources one listen stream, or one session, may subscribe to. 0 to 1,000,000.</summary>
    /// <value>1,024.</value>
    public int MaxResourcesPerStream { get; init; } = 1024;

    /// <summary>How many subscriptions to resources the server keeps in all; one more is refused with error 4001. 0 to 100,000,000.</summary>
    /// <value>100,000.</value>
    public int MaxResources { get; init; } = 100_000;

    /// <summary>The longest URI that can be subscribed to, in characters. 16 to 65,536.</summary>
    /// <value>2,048.</value>
    public int MaxUriLength { get; init; } = 2048;

    /// <summary>How long a listen stream over HTTP may be silent before a comment line keeps it alive. 1 second to 1 hour.</summary>
    /// <value>15 seconds.</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long changes of a list are gathered into one notification; zero sends each as soon as a worker is free. Up to 1 minute.</summary>
    /// <value>50 milliseconds.</value>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(faults, nameof(MaxStreams), MaxStreams, 0, 10_000_000);
        Check(faults, nameof(MaxResourcesPerStream), MaxResourcesPerStream, 0, 1_000_000);
        Check(faults, nameof(MaxResources), MaxResources, 0, 100_000_000);
        Check(faults, nameof(MaxUriLength), MaxUriLength, 16, 65_536);
        if (KeepAlive < TimeSpan.FromSeconds(1) || KeepAlive > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(KeepAlive)} is {KeepAlive}; it must be from 1 second to 1 hour.");
        }

        if (GatherTime < TimeSpan.Zero || GatherTime > TimeSpan.FromMinutes(1))
        {
            faults.Add($"{nameof(GatherTime)} is {GatherTime}; it must be from zero to 1 minute.");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            faults.Add($"{name} is {value}; it must be from {min} to {max}.");
        }
    }
}
