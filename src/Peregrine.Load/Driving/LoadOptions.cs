using Peregrine.Protocol.Versions;

namespace Peregrine.Load.Driving;

/// <summary>How a run is made, apart from its workload.</summary>
public sealed record LoadOptions
{
    /// <summary>Threads that make load, each with its share of it: 1 (the default) to 64. A command is always driven by one.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How long a call may take before it counts as an error: 1 ms to 1 hour. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The revision of MCP to speak, such as <c>2025-11-25</c>; null (the default) for the newest that the server speaks.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>How long to warm up: null (the default) until three seconds agree, at most <see cref="WarmUpLimit"/>; 0 for not at all. At most 1 hour.</summary>
    public TimeSpan? WarmUp { get; init; }

    /// <summary>How long an automatic warm-up may take: 0 to 1 hour. Default 15 s.</summary>
    public TimeSpan WarmUpLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many calls may be in flight in an open loop, which are as many connections over HTTP: 1 to 20,000. Default 1,000. A call that is due then waits, and its wait counts.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>The longest reply taken, in bytes: 1 KiB to 1 GiB. Default 64 MiB.</summary>
    public int MaxReplyLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>The 99th percentile of how late the generator itself may be before the run counts as invalid: 1 µs to 1 s. Default 1 ms.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The share of the time that a worker may be busy before the run counts as invalid: more than 0, at most 1. Default 0.95.</summary>
    public double MaxBusy { get; init; } = 0.95;

    /// <summary>The process whose resources are sampled, by its id, 1 or more; null (the default) for the command's own, or for the process that listens on the URL's port on this machine.</summary>
    public int? TargetProcess { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Takes lines that a command writes to its standard error; null for none.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>All that is wrong; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(Workers is >= 1 and <= 64, "Workers must be 1 to 64.");
        Require(CallTimeout >= TimeSpan.FromMilliseconds(1) && CallTimeout <= TimeSpan.FromHours(1), "CallTimeout must be 1 ms to 1 hour.");
        Require(
            ProtocolVersion is null || ProtocolVersions.Parse(ProtocolVersion) != Protocol.Versions.ProtocolVersion.Unknown,
            $"ProtocolVersion: \"{ProtocolVersion}\" is no revision that is known here; there are {string.Join(", ", Enum.GetValues<ProtocolVersion>().Where(static one => one != Protocol.Versions.ProtocolVersion.Unknown).Select(static one => one.ToText()))}.");
        Require(WarmUp is null || (WarmUp >= TimeSpan.Zero && WarmUp <= TimeSpan.FromHours(1)), "WarmUp must be 0 to 1 hour.");
        Require(WarmUpLimit >= TimeSpan.Zero && WarmUpLimit <= TimeSpan.FromHours(1), "WarmUpLimit must be 0 to 1 hour.");
        Require(MaxInFlight is >= 1 and <= 20_000, "MaxInFlight must be 1 to 20,000.");
        Require(MaxReplyLength is >= 1024 and <= 1024 * 1024 * 1024, "MaxReplyLength must be 1 KiB to 1 GiB.");
        Require(MaxLag >= TimeSpan.FromMicroseconds(1) && MaxLag <= TimeSpan.FromSeconds(1), "MaxLag must be 1 µs to 1 s.");
        Require(MaxBusy is > 0 and <= 1, "MaxBusy must be more than 0 and at most 1.");
        return faults;

        void Require(bool fine, string fault)
        {
            if (!fine)
            {
                faults.Add(fault);
            }
        }
    }
}
