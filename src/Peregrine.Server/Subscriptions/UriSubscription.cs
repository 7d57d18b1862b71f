namespace Peregrine.Server.Subscriptions;

/// <summary>One listener's wish to hear of one resource: an entry of the topic, a link in the listener's chain, and a place in the listener's queue. Guarded by the hub's lock.</summary>
internal sealed class UriSubscription(Listener listener, UriTopic topic)
{
    internal Listener Listener { get; } = listener;

    internal UriTopic Topic { get; } = topic;

    /// <summary>The place among the topic's subscribers.</summary>
    internal int Index { get; set; }

    internal UriSubscription? NextOfListener { get; set; }

    internal UriSubscription? NextPending { get; set; }

    /// <summary>True while it waits in the queue: a further update adds nothing.</summary>
    internal bool IsPending { get; set; }

    /// <summary>True once it was taken back; it may still lie in the queue then.</summary>
    internal bool IsRemoved { get; set; }
}
