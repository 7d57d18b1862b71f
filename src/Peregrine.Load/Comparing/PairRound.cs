namespace Peregrine.Load.Comparing;

/// <summary>One window of each side, one right after the other.</summary>
/// <param name="First">The first side: of a baseline what is guarded, of an overhead the direct way.</param>
/// <param name="Second">The second side: of a baseline the floor, of an overhead the other way.</param>
public sealed record PairRound(RoundFigures First, RoundFigures Second);
