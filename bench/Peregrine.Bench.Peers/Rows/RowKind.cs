namespace Peregrine.Bench.Peers.Rows;

/// <summary>How a row is measured.</summary>
internal enum RowKind
{
    /// <summary>Calls over a server's pipes, warm.</summary>
    Stdio,

    /// <summary>Time from the start of a process to its first reply over stdio.</summary>
    Start,

    /// <summary>Calls over HTTP, warm.</summary>
    Http,

    /// <summary>Calls over HTTP in the first seconds of a process.</summary>
    HttpFirst,

    /// <summary><c>tools/list</c> over HTTP, warm.</summary>
    List,

    /// <summary>Calls over HTTP through a gateway, warm.</summary>
    Gateway,

    /// <summary>One call at a time through a gateway and past it, in turn.</summary>
    GatewayLatency,

    /// <summary>Calls that a gateway answers from its cache, warm.</summary>
    GatewayCache,
}
