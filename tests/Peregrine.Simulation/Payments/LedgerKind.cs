namespace Peregrine.Simulation.Payments;

/// <summary>Where the server keeps its ledger.</summary>
internal enum LedgerKind
{
    Memory,
    Os,
    Disk,
}
