namespace Peregrine.Server.Subscriptions;

/// <summary>What became of messages given to a listener.</summary>
internal enum SendOutcome : byte
{
    /// <summary>They are on their way, and more may follow.</summary>
    Taken,

    /// <summary>They are on their way, but the reader is behind: the listener calls <see cref="SubscriptionHub.Release"/> when more may follow.</summary>
    TakenThenWait,

    /// <summary>They were not taken; who can take messages again calls <see cref="SubscriptionHub.Resume"/>.</summary>
    Refused,
}
