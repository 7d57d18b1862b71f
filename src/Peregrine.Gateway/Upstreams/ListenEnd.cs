namespace Peregrine.Gateway.Upstreams;

/// <summary>How a <c>subscriptions/listen</c> at an upstream has ended.</summary>
internal enum ListenEnd : byte
{
    /// <summary>The upstream has answered without acknowledging it: it does not offer it.</summary>
    Refused,

    /// <summary>The upstream could not be reached.</summary>
    Unreachable,

    /// <summary>The upstream has ended it, or its connection has.</summary>
    Ended,
}
