namespace Peregrine.Execution.Journal;

/// <summary>What the first record of a segment says.</summary>
/// <param name="Epoch">The journal's epoch.</param>
/// <param name="MachineStart">Which start of the machine it was written in.</param>
/// <param name="Policy">What its records survive.</param>
/// <param name="Previous">Number of the segment before it; 0 where there is none.</param>
/// <param name="PreviousLength">How many bytes of that one count.</param>
/// <param name="NextFence">The number that the next start of a call gets.</param>
internal readonly record struct SegmentStart(string Epoch, string MachineStart, JournalPolicy Policy, int Previous, long PreviousLength, long NextFence);
