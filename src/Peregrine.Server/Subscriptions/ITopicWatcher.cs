namespace Peregrine.Server.Subscriptions;

/// <summary>Is told when a resource gets its first subscriber and loses its last. Called under the hub's lock: must be quick, and must not call the hub.</summary>
internal interface ITopicWatcher
{
    /// <summary>Somebody has subscribed to a resource that nobody was subscribed to.</summary>
    void TopicOpened(string uri);

    /// <summary>Nobody is subscribed to it any more.</summary>
    void TopicClosed(string uri);
}
