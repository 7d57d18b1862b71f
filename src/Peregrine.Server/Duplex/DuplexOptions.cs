namespace Peregrine.Server.Duplex;

/// <summary>Limits of one connection that carries many calls at once (stdio, in memory). Immutable; change it with <c>with</c>.</summary>
public sealed record DuplexOptions
{
    /// <summary>The defaults.</summary>
    public static DuplexOptions Default { get; } = new();

    /// <summary>The longest message taken, in bytes; a longer one is refused and skipped without being gathered. 1 KiB to 1 GiB.</summary>
    /// <value>16 MiB.</value>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many requests may be in flight; one more is answered with error 4001 at once. 1 to 1,000,000.</summary>
    /// <value>4,096.</value>
    public int MaxCallsInFlight { get; init; } = 4096;

    /// <summary>How many listen streams may be open; one more is refused with error 4001. They take no place of the calls in flight. 0 to 100,000.</summary>
    /// <value>64.</value>
    public int MaxStreams { get; init; } = 64;

    /// <summary>How many messages one batch may have (2025-03-26; later revisions have no batches). 1 to 10,000.</summary>
    /// <value>100.</value>
    public int MaxBatchMessages { get; init; } = 100;

    /// <summary>How many bytes may wait for a peer that does not read before no further message is read from it. 64 KiB to 1 GiB.</summary>
    /// <value>16 MiB.</value>
    public int MaxUnsentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long calls in flight may go on after the peer has closed its side, before they are cancelled. Zero to one day.</summary>
    /// <value>500 milliseconds: a process must be gone a second after the end of its input.</value>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(faults, nameof(MaxMessageBytes), MaxMessageBytes, 1024, 1 << 30);
        Check(faults, nameof(MaxCallsInFlight), MaxCallsInFlight, 1, 1_000_000);
        Check(faults, nameof(MaxStreams), MaxStreams, 0, 100_000);
        Check(faults, nameof(MaxBatchMessages), MaxBatchMessages, 1, 10_000);
        Check(faults, nameof(MaxUnsentBytes), MaxUnsentBytes, 64 * 1024, 1 << 30);
        if (DrainTime < TimeSpan.Zero || DrainTime > TimeSpan.FromDays(1))
        {
            faults.Add($"{nameof(DrainTime)} is {DrainTime}; it must be from zero to one day.");
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
