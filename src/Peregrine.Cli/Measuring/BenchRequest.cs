using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Cli.Measuring;

/// <summary>What `peregrine bench` is to do.</summary>
/// <param name="Target">The server.</param>
/// <param name="Workload">What to do to it.</param>
/// <param name="Options">How.</param>
/// <param name="Json">Whether to print the result as JSON.</param>
internal sealed record BenchRequest(LoadTarget Target, Workload Workload, LoadOptions Options, bool Json);
