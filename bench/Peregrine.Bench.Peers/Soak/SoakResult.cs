using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers.Soak;

/// <summary>What a long load on the gateway brought, in one era.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">What was loaded, for people.</param>
internal sealed record SoakResult(string Id, string Title)
{
    public required double Seconds { get; init; }

    public required long Calls { get; init; }

    public required long Failed { get; init; }

    /// <summary>Failures by kind.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    public required double CallsPerSecond { get; init; }

    public required double P50Microseconds { get; init; }

    public required double P99Microseconds { get; init; }

    public required double P999Microseconds { get; init; }

    public required double MaxMicroseconds { get; init; }

    /// <summary>Processors that the gateway kept busy.</summary>
    public required double GatewayProcessors { get; init; }

    /// <summary>What the gateway had in its first tenth.</summary>
    public required SoakUse Start { get; init; }

    /// <summary>What it had in its last tenth.</summary>
    public required SoakUse End { get; init; }

    /// <summary>The share of the callers' requests that found a connection to the gateway open, counted at the load's sockets.</summary>
    public required double FrontReuse { get; init; }

    /// <summary>The share of the gateway's requests that found a connection to its server open, counted at its sockets.</summary>
    public required double UpstreamReuse { get; init; }

    /// <summary>Requests that the gateway sent to its server.</summary>
    public required long UpstreamRequests { get; init; }

    /// <summary>Connections to its server that it opened.</summary>
    public required long UpstreamSocketsOpened { get; init; }

    /// <summary>Why the load generator says that the run does not count; empty where it does.</summary>
    public required IReadOnlyList<string> GeneratorFaults { get; init; }

    public IReadOnlyList<BudgetResult> Budgets { get; init; } = [];

    /// <summary>The command that made the load.</summary>
    public required string Command { get; init; }
}
