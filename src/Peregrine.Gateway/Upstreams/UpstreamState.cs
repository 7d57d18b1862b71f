namespace Peregrine.Gateway.Upstreams;

/// <summary>Where an upstream stands.</summary>
internal enum UpstreamState : byte
{
    /// <summary>Being connected for the first time.</summary>
    Starting,

    /// <summary>Answers calls.</summary>
    Ready,

    /// <summary>Lost, and being connected again.</summary>
    Restarting,

    /// <summary>Could not be connected several times in a row; tried again ever less often. Calls are refused at once.</summary>
    Failing,

    /// <summary>Ended with the gateway.</summary>
    Stopped,
}
