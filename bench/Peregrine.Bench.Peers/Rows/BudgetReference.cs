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

    /// <summary>The row's value of the bare forwarder.</summary>
    Forwarder,

    /// <summary>The row's value of nginx.</summary>
    Nginx,

    /// <summary>What nginx adds to the median of direct calls, in the row about latency.</summary>
    NginxAdded,

    /// <summary>The 99th percentile of calls through nginx, in the row about latency.</summary>
    NginxTail,
}
