namespace Peregrine.Load.Resources;

/// <summary>What one process uses.</summary>
/// <param name="ProcessorSeconds">Processor time since it began, in seconds.</param>
/// <param name="ResidentBytes">Memory in RAM.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Descriptors">Open descriptors; -1 where they may not be seen.</param>
internal readonly record struct ProcessUsage(double ProcessorSeconds, long ResidentBytes, int Threads, int Descriptors);
