namespace Peregrine.Simulation.World;

/// <summary>Ends what a process is doing at the moment at which it is killed.</summary>
internal sealed class SimKilledException : Exception;
