namespace Peregrine.Load.Workloads;

/// <summary>Who shares a session of the session era. In the stateless era there is none, and over stdio the process is the session.</summary>
public enum SessionScope
{
    /// <summary>One session for the whole run.</summary>
    Shared,

    /// <summary>Each user opens one and keeps it.</summary>
    User,

    /// <summary>Each iteration opens one and ends it, where the server gave it an id.</summary>
    Iteration,

    /// <summary>Each call opens one and ends it.</summary>
    Call,
}
