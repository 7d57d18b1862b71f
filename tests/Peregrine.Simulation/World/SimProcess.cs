namespace Peregrine.Simulation.World;

/// <summary>A process of the world. What a dead one has still to do is not done.</summary>
internal sealed class SimProcess
{
    internal bool IsDead { get; set; }
}
