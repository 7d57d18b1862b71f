namespace Peregrine.Execution.Journal;

/// <summary>What was found when a journal was opened.</summary>
/// <param name="Epoch">The epoch that holds from now on.</param>
/// <param name="Segments">The segments there are, in their order.</param>
/// <param name="Last">The last of them; 0 where there is none.</param>
/// <param name="LastLength">How many bytes of it count.</param>
/// <param name="NextFence">The least number that the next start of a call may get.</param>
/// <param name="IsDamaged">True where something is missing.</param>
internal sealed record RecoveredLog(string Epoch, IReadOnlyList<int> Segments, int Last, long LastLength, long NextFence, bool IsDamaged);
