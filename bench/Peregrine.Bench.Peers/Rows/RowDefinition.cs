using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Rows;

/// <summary>One line of the comparison.</summary>
/// <param name="Id">Its name on the command line and in the JSON; a prefix of it selects it too.</param>
/// <param name="Title">What is measured, for people.</param>
/// <param name="Kind">How.</param>
/// <param name="Era">Which way of speaking.</param>
/// <param name="Budgets">What our server is held to.</param>
internal sealed record RowDefinition(string Id, string Title, RowKind Kind, Era Era, IReadOnlyList<Budget> Budgets)
{
    private const int MemoryBeyondFloor = 20 * 1024 * 1024;

    /// <summary>Calls in flight over stdio.</summary>
    public int InFlight { get; private init; } = 1;

    /// <summary>Processors that a starting server may use.</summary>
    public int Processors { get; private init; } = 1;

    /// <summary>Rows about start and latency are times; all others are rates.</summary>
    public bool HigherIsBetter => Kind is not (RowKind.Start or RowKind.GatewayLatency);

    public string Unit => Kind switch { RowKind.Start => "ms", RowKind.GatewayLatency => "µs", _ => "calls/s" };

    /// <summary>Whether a server stands behind what is measured.</summary>
    public bool HasUpstream => Kind is RowKind.Gateway or RowKind.GatewayLatency or RowKind.GatewayCache;

    /// <summary>Every row, in the order in which they run.</summary>
    public static IReadOnlyList<RowDefinition> All { get; } =
    [
        .. Eras(era => Stdio(64, era, officialRatio: 10, floorRatio: 0.60)),
        .. Eras(era => Stdio(1, era, officialRatio: 4, floorRatio: 0.75)),
        .. Eras(era => Start(1, era)),
        .. Eras(era => Start(2, era)),
        .. Eras(era => new RowDefinition($"http-{Suffix(era)}", $"HTTP echo, 32 connections, {Messages.VersionOf(era)}", RowKind.Http, era,
            [Budget.AtLeast(0.85, BudgetReference.Floor), Budget.AtLeast(2.3, BudgetReference.Official), Budget.AtMost(MemoryBeyondFloor, BudgetReference.FloorMemory)])),
        .. Eras(era => new RowDefinition($"http-first-{Suffix(era)}", $"HTTP echo, 32 connections, first seconds of a process, {Messages.VersionOf(era)}", RowKind.HttpFirst, era,
            [Budget.AtLeast(0.60, BudgetReference.Floor)])),
        .. Eras(era => new RowDefinition($"list-{Suffix(era)}", $"tools/list with 100 tools over HTTP, 32 connections, {Messages.VersionOf(era)}", RowKind.List, era,
            [Budget.AtLeast(0.80, BudgetReference.Floor)])),
        .. Eras(era => new RowDefinition($"gateway-throughput-{Suffix(era)}", $"gateway before an HTTP server of the same era, echo, 32 connections, {Messages.VersionOf(era)}", RowKind.Gateway, era,
            [Budget.AtLeast(1, BudgetReference.Forwarder), Budget.AtLeast(0.60, BudgetReference.Nginx)])),
        .. Eras(era => new RowDefinition($"gateway-latency-{Suffix(era)}", $"gateway, one call at a time, P50, {Messages.VersionOf(era)}", RowKind.GatewayLatency, era,
            [Budget.AtMost(1.5, BudgetReference.NginxAdded), Budget.AtMost(1.2, BudgetReference.NginxTail)])),
        .. Eras(era => new RowDefinition($"gateway-cache-hit-{Suffix(era)}", $"gateway, echo from its cache, 32 connections, {Messages.VersionOf(era)}", RowKind.GatewayCache, era,
            [Budget.AtLeast(0.75, BudgetReference.Floor)])),
    ];

    private static RowDefinition Stdio(int inFlight, Era era, double officialRatio, double floorRatio) =>
        new($"stdio-{inFlight}-{Suffix(era)}", $"stdio echo, {inFlight} in flight, {Messages.VersionOf(era)}", RowKind.Stdio, era,
            [Budget.AtLeast(officialRatio, BudgetReference.Official), Budget.AtLeast(floorRatio, BudgetReference.Floor), Budget.AtMost(MemoryBeyondFloor, BudgetReference.FloorMemory)])
        {
            InFlight = inFlight,
        };

    private static RowDefinition Start(int processors, Era era) =>
        new($"start-{processors}-{Suffix(era)}", $"stdio, start to first reply, {(processors == 1 ? "one core" : "two cores")}, {Messages.VersionOf(era)}", RowKind.Start, era,
            [Budget.AtMost(2, BudgetReference.Floor)])
        {
            Processors = processors,
        };

    private static IEnumerable<RowDefinition> Eras(Func<Era, RowDefinition> create) => [create(Era.Session), create(Era.Stateless)];

    private static string Suffix(Era era) => era == Era.Session ? "2025" : "2026";
}
