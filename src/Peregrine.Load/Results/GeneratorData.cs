namespace Peregrine.Load.Results;

/// <summary>How the generator itself fared: a run that it limited says nothing about the server.</summary>
/// <param name="Workers">Threads that made load.</param>
/// <param name="Busy">The share of the time in which the busiest worker had something to do, 0 to 1.</param>
/// <param name="ProcessorTime">Processor time of the generator's process, in seconds.</param>
/// <param name="Lag">How late calls were sent although a connection was free; empty in a closed loop, where nothing is due by the clock.</param>
/// <param name="IsValid">False where the generator was the bottleneck, or late.</param>
/// <param name="Faults">Why not.</param>
public sealed record GeneratorData(int Workers, double Busy, double ProcessorTime, LatencyData Lag, bool IsValid, IReadOnlyList<string> Faults);
