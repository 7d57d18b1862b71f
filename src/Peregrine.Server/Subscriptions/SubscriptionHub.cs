using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>
/// Tells listeners of changes. A change is noted at each listener concerned under one short lock; then workers take listeners in turns and send outside the lock. A reader that
/// is behind keeps its notes, each thing once, and delays nobody; nothing is allocated for an update. Thread-safe.
/// </summary>
internal sealed partial class SubscriptionHub
{
    private readonly Lock _gate = new();
    private readonly IWorkScheduler _scheduler;
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<string, UriTopic> _topics = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _keepAlive;
    private TaskCompletionSource? _streamsEnded;
    private int _streams;
    private int _subscriptions;
    private int _keptAlive;
    private bool _closing;

    /// <summary>Makes a hub without listeners.</summary>
    /// <param name="options">Limits; valid.</param>
    /// <param name="serverInfo">The raw <c>serverInfo</c> for results.</param>
    /// <param name="scheduler">Who sends.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="logger">Receives what goes wrong.</param>
    internal SubscriptionHub(SubscriptionOptions options, ReadOnlyMemory<byte> serverInfo, IWorkScheduler scheduler, TimeProvider time, ILogger logger)
    {
        Options = options;
        ServerInfo = serverInfo;
        _scheduler = scheduler;
        _time = time;
        _logger = logger;
    }

    internal SubscriptionOptions Options { get; }

    /// <summary>Is told of resources that are subscribed to; null for nobody.</summary>
    internal ITopicWatcher? Watcher { get; init; }

    internal ReadOnlyMemory<byte> ServerInfo { get; }

    // Half the time: who has been silent from one look to the next has been so for less than the whole at the next.
    private TimeSpan KeepAliveLook => Options.KeepAlive / 2;

    /// <summary>Listen streams that are open, or whose end is still being sent.</summary>
    internal int Streams => Volatile.Read(ref _streams);

    /// <summary>Subscriptions to resources, of streams and sessions.</summary>
    internal int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Resources with at least one subscription.</summary>
    internal int Topics
    {
        get
        {
            lock (_gate)
            {
                return _topics.Count;
            }
        }
    }

    /// <summary>Enters a listen stream, busy: nothing is sent before <see cref="Release"/>.</summary>
    /// <param name="stream">The stream, new.</param>
    /// <param name="lists">The lists it wants to hear of.</param>
    /// <param name="uris">The resources it wants to hear of, each once.</param>
    internal OpenOutcome TryOpen(ListenStream stream, RegistryChange lists, ReadOnlySpan<string> uris)
    {
        lock (_gate)
        {
            if (_closing)
            {
                return OpenOutcome.Closed;
            }

            if (_streams >= Options.MaxStreams)
            {
                return OpenOutcome.TooManyStreams;
            }

            if (uris.Length > Options.MaxResourcesPerStream || _subscriptions + uris.Length > Options.MaxResources)
            {
                return OpenOutcome.TooManyResources;
            }

            _streams++;
            stream.IsBusy = true;
            stream.HasSpoken = true;
            Enter(stream, lists);
            foreach (var uri in uris)
            {
                Subscribe(stream, uri);
            }

            return OpenOutcome.Opened;
        }
    }

    /// <summary>Has a session hear of lists from now on. Does nothing for one that hears of them already, or has ended.</summary>
    internal void Join(SessionListener listener, RegistryChange lists)
    {
        lock (_gate)
        {
            if (!listener.IsClosed && listener.Index < 0)
            {
                Enter(listener, lists);
            }
        }

        Resume(listener);
    }

    /// <summary>Subscribes a session to a resource; once is as good as twice.</summary>
    internal OpenOutcome TrySubscribe(SessionListener listener, string uri)
    {
        lock (_gate)
        {
            if (listener.IsClosed)
            {
                return OpenOutcome.Closed;
            }

            if (Find(listener, uri) is not null)
            {
                return OpenOutcome.Opened;
            }

            if (listener.SubscriptionCount >= Options.MaxResourcesPerStream || _subscriptions >= Options.MaxResources)
            {
                return OpenOutcome.TooManyResources;
            }

            Subscribe(listener, uri);
            return OpenOutcome.Opened;
        }
    }

    /// <summary>What a session is subscribed to.</summary>
    internal List<string> UrisOf(SessionListener listener)
    {
        List<string> uris = [];
        lock (_gate)
        {
            for (var subscription = listener.Subscriptions; subscription is not null; subscription = subscription.NextOfListener)
            {
                uris.Add(subscription.Topic.Uri);
            }
        }

        return uris;
    }

    /// <summary>Takes a subscription back; does nothing where there is none.</summary>
    internal void Unsubscribe(SessionListener listener, string uri)
    {
        lock (_gate)
        {
            if (Find(listener, uri) is not { } subscription)
            {
                return;
            }

            if (listener.Subscriptions == subscription)
            {
                listener.Subscriptions = subscription.NextOfListener;
            }
            else
            {
                var before = listener.Subscriptions!;
                while (before.NextOfListener != subscription)
                {
                    before = before.NextOfListener!;
                }

                before.NextOfListener = subscription.NextOfListener;
            }

            listener.SubscriptionCount--;
            Remove(subscription);
        }
    }

    /// <summary>Takes a listener out: nothing is written for it from now on, and nothing of it stays. Does nothing the second time.</summary>
    internal void Close(Listener listener)
    {
        bool finish;
        lock (_gate)
        {
            if (listener.IsClosed)
            {
                return;
            }

            Leave(listener);
            finish = listener is { IsBusy: false, IsQueued: false };
        }

        if (finish)
        {
            Finish(listener);
        }
    }

    private void Enter(Listener listener, RegistryChange lists)
    {
        listener.Lists = lists;
        listener.Index = _listeners.Count;
        _listeners.Add(listener);
        if (listener.WantsKeepAlive && ++_keptAlive == 1)
        {
            BeginKeepAlive();
        }
    }

    // Under the lock: nothing is noted for the listener from now on. Who has it in hand, or takes it next, finishes it.
    private void Leave(Listener listener)
    {
        listener.IsClosed = true;
        listener.Pending = PendingEvents.None;
        listener.FirstPending = listener.LastPending = null;
        for (var subscription = listener.Subscriptions; subscription is not null; subscription = subscription.NextOfListener)
        {
            Remove(subscription);
        }

        listener.Subscriptions = null;
    }

    private void Drop(Listener listener)
    {
        if (listener.Index < 0)
        {
            return;
        }

        var last = _listeners[^1];
        _listeners[listener.Index] = last;
        last.Index = listener.Index;
        _listeners.RemoveAt(_listeners.Count - 1);
        listener.Index = -1;
        if (_listeners.Capacity > 64 && _listeners.Count < _listeners.Capacity / 4)
        {
            _listeners.Capacity /= 2;
        }

        if (listener.WantsKeepAlive && --_keptAlive == 0)
        {
            _keepAlive!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // One timer for all, made with the first need: most servers have none.
    private void BeginKeepAlive()
    {
        if (_keepAlive is null)
        {
            // Else it would keep alive whatever flows with the request that happened to come first.
            using (ExecutionContext.SuppressFlow())
            {
                _keepAlive = _time.CreateTimer(static state => ((SubscriptionHub)state!).KeepAlive(), this, KeepAliveLook, KeepAliveLook);
            }
        }
        else
        {
            _keepAlive.Change(KeepAliveLook, KeepAliveLook);
        }
    }

    private void Subscribe(Listener listener, string uri)
    {
        if (!_topics.TryGetValue(uri, out var topic))
        {
            topic = new UriTopic(uri);
            _topics.Add(uri, topic);
            Watcher?.TopicOpened(uri);
        }

        var subscription = new UriSubscription(listener, topic) { NextOfListener = listener.Subscriptions };
        topic.Add(subscription);
        listener.Subscriptions = subscription;
        listener.SubscriptionCount++;
        _subscriptions++;
    }

    private void Remove(UriSubscription subscription)
    {
        subscription.IsRemoved = true;
        subscription.Topic.Remove(subscription);
        _subscriptions--;
        if (subscription.Topic.Subscribers.Count == 0)
        {
            _topics.Remove(subscription.Topic.Uri);
            Watcher?.TopicClosed(subscription.Topic.Uri);
            if (_topics.Count == 0)
            {
                // What a crowd has left behind.
                _topics.TrimExcess();
            }
        }
    }

    private static UriSubscription? Find(Listener listener, string uri)
    {
        var subscription = listener.Subscriptions;
        while (subscription is not null && subscription.Topic.Uri != uri)
        {
            subscription = subscription.NextOfListener;
        }

        return subscription;
    }

    private void Finish(Listener listener)
    {
        listener.Finish();
        TaskCompletionSource? ended = null;
        lock (_gate)
        {
            Drop(listener);
            if (listener.IsStream && --_streams == 0)
            {
                ended = _streamsEnded;
            }
        }

        ended?.TrySetResult();
    }
}
