namespace Peregrine.Execution.Scheduling;

/// <summary>How much of the machine is in use.</summary>
/// <param name="CpuPercent">Of all processors that the process may use. 0 to 100.</param>
/// <param name="MemoryPercent">Of the memory that the process may use. 0 or more.</param>
internal readonly record struct LoadSample(double CpuPercent, double MemoryPercent);
