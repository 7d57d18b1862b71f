namespace Peregrine.Load.Comparing;

/// <summary>A round that was measured.</summary>
/// <param name="Launch">Which launch, from 0.</param>
/// <param name="Round">Which round of it, from 0.</param>
/// <param name="Figures">Its figures.</param>
public sealed record PairProgress(int Launch, int Round, PairRound Figures);
