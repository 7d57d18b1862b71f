namespace Peregrine.Server.Dispatch;

/// <summary>What a finished tool's call left as its reply.</summary>
internal enum CapturedKind
{
    /// <summary>Nothing that could be kept: a result that is made while it is sent, or no reply.</summary>
    None,

    /// <summary>A result, which was captured.</summary>
    Result,

    /// <summary>A question to the client: the call goes on in another round.</summary>
    InputRequired,

    /// <summary>An error of the protocol.</summary>
    Error,
}
