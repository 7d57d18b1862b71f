namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>What became of a call that wants to run in a session, or of a stream that wants to open.</summary>
internal enum EnterOutcome : byte
{
    /// <summary>It is in.</summary>
    Entered,

    /// <summary>Too many are in.</summary>
    Full,

    /// <summary>The session has ended.</summary>
    Gone,

    /// <summary>What it wants to go on with is not kept.</summary>
    NotKept,
}
