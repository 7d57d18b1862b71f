namespace Peregrine.Execution.Memory;

/// <summary>How much memory messages on their way may take. Immutable. Validated whole.</summary>
public sealed record MemoryOptions
{
    private const long Most = 1L << 40;

    /// <summary>The defaults.</summary>
    public static MemoryOptions Default { get; } = new();

    /// <summary>How many bytes of one reply or stream may wait to be taken by its reader. 65,536 to 2 GiB.</summary>
    /// <value>10 MiB.</value>
    public long MaxStreamBytes { get; init; } = 10L * 1024 * 1024;

    /// <summary>How many bytes of all replies and streams of one connection may wait. <see cref="MaxStreamBytes"/> to 1 TiB.</summary>
    /// <value>64 MiB.</value>
    public long MaxConnectionBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How many bytes of all replies and streams may wait; beyond that the largest stream is ended. <see cref="MaxConnectionBytes"/> to 1 TiB.</summary>
    /// <value>A quarter of the memory that the process may use, 256 MiB at least.</value>
    public long MaxProcessBytes { get; init; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 256L * 1024 * 1024, Most);

    /// <summary>From which part of <see cref="MaxProcessBytes"/> on, in percent, caches are shrunk and what would take more is refused. 1 to 100.</summary>
    /// <value>75.</value>
    public int SoftPercent { get; init; } = 75;

    /// <summary>At which part of a limit, in percent, a warning is logged. 1 to 100.</summary>
    /// <value>90.</value>
    public int WarnPercent { get; init; } = 90;

    /// <summary>
    /// After how long without its reader taking anything a stream is ended that has bytes waiting. What is seen of a reader are steps of the web server's buffer, half of 64 KiB: who takes less than that in this
    /// time counts as gone. 100 milliseconds to one hour.
    /// </summary>
    /// <value>20 seconds: with the time until it is seen, less than 30.</value>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many bytes a result that is made while it is sent may have where the connection is shared, and so sends it in one piece. 65,536 to 2 GiB.</summary>
    /// <value>4 MiB.</value>
    public long MaxBufferedStreamBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(faults, nameof(MaxStreamBytes), MaxStreamBytes, 65_536, int.MaxValue);
        Check(faults, nameof(MaxBufferedStreamBytes), MaxBufferedStreamBytes, 65_536, int.MaxValue);
        Check(faults, nameof(MaxConnectionBytes), MaxConnectionBytes, MaxStreamBytes, Most);
        Check(faults, nameof(MaxProcessBytes), MaxProcessBytes, MaxConnectionBytes, Most);
        Check(faults, nameof(SoftPercent), SoftPercent, 1, 100);
        Check(faults, nameof(WarnPercent), WarnPercent, 1, 100);
        if (AbandonAfter < TimeSpan.FromMilliseconds(100) || AbandonAfter > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(AbandonAfter)} is {AbandonAfter}; it must be from 100 milliseconds to one hour.");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} is {value}; it must be from {least} to {most}.");
        }
    }
}
