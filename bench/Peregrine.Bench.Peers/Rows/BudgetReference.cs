namespace Peregrine.Bench.Peers.Rows;

/// <summary>What a budget compares our server with.</summary>
internal enum BudgetReference
{
    /// <summary>The row's value of the better floor program.</summary>
    Floor,

    /// <summary>The row's value of the official SDK.</summary>
    Official,

    /// <summary>The resident memory of the better floor program; the bound is in bytes beyond it.</summary>
    FloorMemory,
}
