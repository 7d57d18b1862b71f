namespace Peregrine.Execution.Scheduling;

/// <summary>The answer to a call that wants to run. One that was admitted holds a slot until <see cref="CallScheduler.Leave"/>, which is called exactly once.</summary>
public readonly struct CallAdmission
{
    internal CallAdmission(CallClass callClass, ClientLine? client, long startedAt, int inFlight, int window)
    {
        Class = callClass;
        Client = client;
        StartedAt = startedAt;
        InFlight = inFlight;
        Window = window;
    }

    internal CallAdmission(CallClass callClass, RefusalReason refusal, TimeSpan retryAfter)
    {
        Class = callClass;
        Refusal = refusal;
        RetryAfter = retryAfter;
    }

    /// <summary>True where the call may run.</summary>
    public bool IsAdmitted => Refusal == RefusalReason.None;

    /// <summary>Why it may not.</summary>
    public RefusalReason Refusal { get; }

    /// <summary>When another try is likely to be admitted; an estimate from how long calls of the class take.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>What the call is counted under.</summary>
    public CallClass Class { get; }

    internal ClientLine? Client { get; }

    internal long StartedAt { get; }

    // For the adaptive limit: how many ran when it began, and its window then.
    internal int InFlight { get; }

    internal int Window { get; }
}
