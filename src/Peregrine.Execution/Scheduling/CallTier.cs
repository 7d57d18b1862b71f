namespace Peregrine.Execution.Scheduling;

/// <summary>How long calls of a kind take, as their author says. Where calls wait, quicker ones go first, but never so that slower ones wait for ever.</summary>
public enum CallTier : byte
{
    /// <summary>Under a tenth of a second.</summary>
    Fast,

    /// <summary>About a second.</summary>
    Normal,

    /// <summary>Many seconds.</summary>
    Slow,
}
