namespace Peregrine.Transport.Http.Direct;

/// <summary>Why a request was broken off on this side.</summary>
internal enum BreakReason : byte
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Its caller wants it no more.</summary>
    Cancelled,

    /// <summary>Its time has passed.</summary>
    TimedOut,

    /// <summary>The MCP connection was closed.</summary>
    Closed,
}
