namespace Peregrine.Simulation.World;

/// <summary>Something that happens later.</summary>
internal sealed class SimTimer(SimProcess process, Action action) : IThreadPoolWorkItem
{
    internal SimProcess Process => process;

    /// <summary>Which of its settings counts; 0 where it is not set.</summary>
    internal long Version { get; set; }

    public void Execute() => action();

    internal void Cancel() => Version = 0;
}
