namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// How an endpoint keeps sessions of the older revisions (2025-03-26 to 2025-11-25). The stateless era has none and is not touched by any of this. Immutable; change it with
/// <c>with</c>. Validated with the endpoint's options.
/// </summary>
public sealed record HttpSessionOptions
{
    /// <summary>The defaults.</summary>
    public static HttpSessionOptions Default { get; } = new();

    /// <summary>Whether <c>initialize</c> opens a session. Without, every call is served by itself: no requests of the server to the client, no stream with GET.</summary>
    /// <value>True.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>How many sessions may be open; one more is refused with status 503 and error 4001. 1 to 10,000,000.</summary>
    /// <value>100,000: about 40 MB while they idle.</value>
    public int MaxSessions { get; init; } = 100_000;

    /// <summary>How many sessions may be opened in a second; one more is refused in the same way. 1 to 1,000,000.</summary>
    /// <value>10,000.</value>
    public int MaxOpeningsPerSecond { get; init; } = 10_000;

    /// <summary>A session that was not used for so long ends. One with a call in flight or an open stream is in use. 1 second to 30 days.</summary>
    /// <value>30 minutes.</value>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A session ends when it is so old, in use or not; calls in flight may end first. From <see cref="IdleTime"/> to 365 days.</summary>
    /// <value>24 hours.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many calls of one session may be in flight; one more is refused with status 429 and error 4001. 1 to 100,000.</summary>
    /// <value>1,024.</value>
    public int MaxCallsInFlight { get; init; } = 1024;

    /// <summary>
    /// How many streams of one session are open or kept for a client that may come back. One more GET is refused with status 409; one more call streams, but cannot be resumed. 1 to 10,000.
    /// </summary>
    /// <value>32.</value>
    public int MaxStreams { get; init; } = 32;

    /// <summary>How many messages wait for a session's client while it reads no stream or reads slowly; what comes then is not taken. 1 to 100,000.</summary>
    /// <value>64.</value>
    public int MaxQueuedMessages { get; init; } = 64;

    /// <summary>The same in bytes; a single longer message is taken where nothing waits. 1 KiB to 1 GiB.</summary>
    /// <value>64 KiB.</value>
    public int MaxQueuedBytes { get; init; } = 64 * 1024;

    /// <summary>How many events of one stream are kept for a client whose connection breaks (<c>Last-Event-ID</c>). 1 to 100,000.</summary>
    /// <value>256.</value>
    public int MaxReplayEvents { get; init; } = 256;

    /// <summary>The same in bytes. 1 KiB to 1 GiB.</summary>
    /// <value>256 KiB.</value>
    public int MaxReplayBytes { get; init; } = 256 * 1024;

    /// <summary>How many bytes all sessions together keep and queue. Beyond, messages are sent but no longer kept. 64 KiB to 1 TiB.</summary>
    /// <value>256 MiB.</value>
    public long MaxKeptBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a stream without a connection is kept for its client to come back, and a finished one after its end. 1 second to 1 day.</summary>
    /// <value>1 minute.</value>
    public TimeSpan ReplayTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After so long a comment goes out on every open stream, lest something in between takes the connection for dead. 1 second to 1 hour.</summary>
    /// <value>15 seconds.</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where sessions are kept for a restart of the process; null: nowhere, so that clients of a restarted process begin anew.</summary>
    /// <value>Null.</value>
    public IMcpSessionStore? Store { get; init; }

    internal void Validate(List<string> faults)
    {
        Check(faults, nameof(MaxSessions), MaxSessions, 1, 10_000_000);
        Check(faults, nameof(MaxOpeningsPerSecond), MaxOpeningsPerSecond, 1, 1_000_000);
        Check(faults, nameof(MaxCallsInFlight), MaxCallsInFlight, 1, 100_000);
        Check(faults, nameof(MaxStreams), MaxStreams, 1, 10_000);
        Check(faults, nameof(MaxQueuedMessages), MaxQueuedMessages, 1, 100_000);
        Check(faults, nameof(MaxQueuedBytes), MaxQueuedBytes, 1024, 1 << 30);
        Check(faults, nameof(MaxReplayEvents), MaxReplayEvents, 1, 100_000);
        Check(faults, nameof(MaxReplayBytes), MaxReplayBytes, 1024, 1 << 30);
        Check(faults, nameof(MaxKeptBytes), MaxKeptBytes, 64 * 1024, 1L << 40);
        Check(faults, nameof(IdleTime), IdleTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        Check(faults, nameof(MaxAge), MaxAge, IdleTime, TimeSpan.FromDays(365));
        Check(faults, nameof(ReplayTime), ReplayTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Check(faults, nameof(KeepAlive), KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    private static void Check<T>(List<string> faults, string name, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            faults.Add($"Sessions.{name} is {value}; it must be from {min} to {max}.");
        }
    }
}
