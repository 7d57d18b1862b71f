namespace Peregrine.Load.Workloads;

/// <summary>What became of reading a workload.</summary>
/// <param name="Workload">The workload, or null where something is wrong.</param>
/// <param name="Faults">All that is wrong, each with its place.</param>
public sealed record WorkloadReadResult(Workload? Workload, IReadOnlyList<string> Faults);
