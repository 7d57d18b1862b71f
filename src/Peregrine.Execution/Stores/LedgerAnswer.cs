namespace Peregrine.Execution.Stores;

/// <summary>What a ledger answers.</summary>
/// <param name="Status">What it says of the key.</param>
/// <param name="Fence">Where started: the number that completing and abandoning must name. Grows with every start of any call.</param>
/// <param name="MayHaveRun">Where started: true if an earlier start may have had its effect.</param>
/// <param name="Result">Where completed or asking: what was stored. It does not change and may be kept.</param>
public readonly record struct LedgerAnswer(LedgerStatus Status, long Fence = 0, bool MayHaveRun = false, ReadOnlyMemory<byte> Result = default);
