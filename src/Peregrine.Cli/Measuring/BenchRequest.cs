using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Cli.Measuring;

/// <summary>What `peregrine bench` is to do.</summary>
/// <param name="Target">The server.</param>
/// <param name="Workload">What to do to it.</param>
/// <param name="Options">How.</param>
/// <param name="Runs">How often.</param>
/// <param name="Output">Where the result goes.</param>
/// <param name="Baseline">What to compare with; null for nothing.</param>
internal sealed record BenchRequest(LoadTarget Target, Workload Workload, LoadOptions Options, int Runs, BenchOutput Output, FileInfo? Baseline);
