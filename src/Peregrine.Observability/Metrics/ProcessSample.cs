namespace Peregrine.Observability.Metrics;

/// <summary>What a process used.</summary>
/// <param name="CpuPercent">Processor time since the sample before; 100 for one processor fully used.</param>
/// <param name="WorkingSetBytes">Memory resident.</param>
/// <param name="ManagedHeapBytes">Memory the collector believes to be in use.</param>
/// <param name="Threads">Threads of the operating system.</param>
public readonly record struct ProcessSample(double CpuPercent, long WorkingSetBytes, long ManagedHeapBytes, int Threads);
