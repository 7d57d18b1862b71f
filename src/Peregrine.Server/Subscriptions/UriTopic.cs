using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Subscriptions;

/// <summary>One resource that somebody has subscribed to. Guarded by the lock of its hub, but for <see cref="Json"/>.</summary>
internal sealed class UriTopic
{
    internal UriTopic(string uri)
    {
        Uri = uri;
        using var writer = new PooledByteWriter(256);
        JsonStringWriter.WriteString(writer, uri.AsSpan());
        Json = writer.WrittenSpan.ToArray();
    }

    internal string Uri { get; }

    /// <summary>The URI as a raw JSON string: an update is serialised once, when the first subscribes, and copied for each reader.</summary>
    internal byte[] Json { get; }

    /// <summary>Who has subscribed, in no order.</summary>
    internal List<UriSubscription> Subscribers { get; } = [];

    internal void Add(UriSubscription subscription)
    {
        subscription.Index = Subscribers.Count;
        Subscribers.Add(subscription);
    }

    internal void Remove(UriSubscription subscription)
    {
        var last = Subscribers[^1];
        Subscribers[subscription.Index] = last;
        last.Index = subscription.Index;
        Subscribers.RemoveAt(Subscribers.Count - 1);
    }
}
