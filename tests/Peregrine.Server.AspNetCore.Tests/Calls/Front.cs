namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>How a call comes: what holds for one must hold for all.</summary>
public enum Front
{
    /// <summary>On a connection that carries many calls at once, as stdio does; session era.</summary>
    Duplex,

    /// <summary>HTTP, stateless era.</summary>
    HttpStateless,

    /// <summary>HTTP, session era.</summary>
    HttpSession,
}
