namespace Peregrine.Load.Results;

/// <summary>What the target's processes used at one time.</summary>
/// <param name="Seconds">When, from the start of the measurement.</param>
/// <param name="ProcessorSeconds">Processor time since that start, in seconds.</param>
/// <param name="ResidentBytes">Memory in RAM.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Descriptors">Open descriptors; -1 where they may not be seen.</param>
/// <param name="Processes">Processes.</param>
public sealed record ResourceSample(double Seconds, double ProcessorSeconds, long ResidentBytes, int Threads, int Descriptors, int Processes);
