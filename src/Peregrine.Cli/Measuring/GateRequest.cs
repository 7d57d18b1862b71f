using Peregrine.Load.Comparing;

namespace Peregrine.Cli.Measuring;

/// <summary>What `peregrine bench --floor` is to do.</summary>
/// <param name="Plan">The target and its floor.</param>
/// <param name="Baseline">What to compare the ratios with; null for nothing.</param>
/// <param name="SaveBaseline">Where to keep the ratios; null for nowhere.</param>
/// <param name="Output">Where the series goes.</param>
internal sealed record GateRequest(PairPlan Plan, FileInfo? Baseline, FileInfo? SaveBaseline, BenchOutput Output);
