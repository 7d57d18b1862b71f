namespace Peregrine.Bench.Peers.Workload;

/// <summary>The two ways of speaking MCP that are measured.</summary>
internal enum Era
{
    /// <summary>2025-11-25: a handshake, then calls.</summary>
    Session,

    /// <summary>2026-07-28: each request carries version and client in its <c>_meta</c>.</summary>
    Stateless,
}
