namespace Peregrine.Simulation.Disk;

/// <summary>A file of a simulated disk.</summary>
/// <param name="isPrepared">True where it has its length from the beginning, and zeros behind what was written.</param>
internal sealed class SimFile(bool isPrepared)
{
    internal bool IsPrepared => isPrepared;

    internal List<byte> Bytes { get; } = [];

    /// <summary>How many of them survive the loss of power.</summary>
    internal int Flushed { get; set; }
}
