namespace Peregrine.Load.Workloads;

/// <summary>How long a connection is kept.</summary>
public enum ConnectionScope
{
    /// <summary>As long as the server keeps it.</summary>
    Kept,

    /// <summary>Each iteration opens one of its own: a TCP connection, or a process where the target is a command.</summary>
    Iteration,
}
