namespace Peregrine.Load.Workloads;

/// <summary>Which operations an iteration consists of.</summary>
public enum StepOrder
{
    /// <summary>Drawn by weight.</summary>
    Mix,

    /// <summary>All of them, in the order in which they stand.</summary>
    Sequence,
}
