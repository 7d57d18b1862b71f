namespace Peregrine.Server.Subscriptions;

/// <summary>What became of a wish to subscribe.</summary>
internal enum OpenOutcome : byte
{
    /// <summary>It is open.</summary>
    Opened,

    /// <summary>The server has as many streams as it may have.</summary>
    TooManyStreams,

    /// <summary>The server, or this listener, has as many subscriptions to resources as it may have.</summary>
    TooManyResources,

    /// <summary>The server ends, or the listener has.</summary>
    Closed,
}
