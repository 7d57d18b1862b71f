using Peregrine.Protocol.Buffers;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

// From a change to its readers.
internal sealed partial class SubscriptionHub
{
    // Messages for one reader that leave together.
    private const int BytesPerSend = 16 * 1024;

    // Then it is the others' turn: what changes without end for one reader must not keep them waiting.
    private const int SendsPerTurn = 16;

    /// <summary>Tells who listens that lists have changed. Returns at once.</summary>
    internal void Publish(RegistryChange lists)
    {
        bool queue;
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                var wanted = (PendingEvents)(listener.Lists & lists);
                if (wanted != PendingEvents.None)
                {
                    listener.Pending |= wanted;
                    Ready(listener);
                }
            }

            queue = MustQueueTurn();
        }

        QueueTurn(queue);
    }

    /// <summary>Tells who has subscribed that a resource was updated. Returns at once.</summary>
    internal void PublishUpdated(string uri)
    {
        bool queue;
        lock (_gate)
        {
            if (!_topics.TryGetValue(uri, out var topic))
            {
                return;
            }

            foreach (var subscription in topic.Subscribers)
            {
                Note(subscription);
                Ready(subscription.Listener);
            }

            queue = MustQueueTurn();
        }

        QueueTurn(queue);
    }

    /// <summary>Says that a listener, which could not take messages, can again.</summary>
    internal void Resume(Listener listener)
    {
        bool queue;
        lock (_gate)
        {
            listener.WasResumed = true;
            ReadyIfPending(listener);
            queue = MustQueueTurn();
        }

        QueueTurn(queue);
    }

    /// <summary>Gives a busy listener free: what it was sent has been taken.</summary>
    internal void Release(Listener listener)
    {
        bool queue, finish;
        lock (_gate)
        {
            listener.IsBusy = false;
            ReadyIfPending(listener);
            finish = listener.IsClosed;
            queue = MustQueueTurn();
        }

        if (finish)
        {
            Finish(listener);
        }

        QueueTurn(queue);
    }

    private void KeepAlive()
    {
        bool queue;
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                if (listener.WantsKeepAlive && !listener.HasSpoken)
                {
                    listener.Pending |= PendingEvents.KeepAlive;
                    Ready(listener);
                }

                listener.HasSpoken = false;
            }

            queue = MustQueueTurn();
        }

        QueueTurn(queue);
    }

    // For who has the listener: it is busy. Gives it free, or leaves that to the flush that goes on.
    private void SendAll(Listener listener, PooledByteWriter messages)
    {
        for (var sends = 0; sends < SendsPerTurn; sends++)
        {
            messages.Clear();
            if (!Take(listener, messages, out var lastEvent, out var lastUpdate))
            {
                return;
            }

            switch (TrySend(listener, messages))
            {
                case SendOutcome.Taken:
                    break;
                case SendOutcome.TakenThenWait:
                    return;
                default:
                    GiveBack(listener, lastEvent, lastUpdate);
                    return;
            }
        }

        Release(listener);
    }

    private SendOutcome TrySend(Listener listener, PooledByteWriter messages)
    {
        try
        {
            return listener.Send(messages.WrittenMemory);
        }
        catch (Exception exception)
        {
            // A fault of one channel must not end the worker, and with it the process. Closed, it is finished at the next look.
            SubscriptionLog.Failed(_logger, exception);
            Close(listener);
            return SendOutcome.Taken;
        }
    }

    // Writes what is pending, as much as may be sent at once; where that is nothing the listener is free.
    private bool Take(Listener listener, PooledByteWriter messages, out PendingEvents lastEvent, out UriSubscription? lastUpdate)
    {
        (lastEvent, lastUpdate) = (PendingEvents.None, null);
        bool finish;
        lock (_gate)
        {
            listener.WasResumed = false;
            if (!listener.IsClosed && listener.CanSend)
            {
                while (messages.Length < BytesPerSend && TakeOne(listener, messages, out lastEvent, out lastUpdate) && listener.TakesMany)
                {
                }
            }

            if (messages.Length > 0)
            {
                listener.HasSpoken = true;
                return true;
            }

            listener.IsBusy = false;
            finish = listener.IsClosed;
        }

        if (finish)
        {
            Finish(listener);
        }

        return false;
    }

    // Lists first, then resources in the order of their first update, and the end when nothing else is left.
    private bool TakeOne(Listener listener, PooledByteWriter messages, out PendingEvents next, out UriSubscription? update)
    {
        update = null;
        next = LowestOf(listener.Pending & (PendingEvents.Lists | PendingEvents.KeepAlive));
        if (next == PendingEvents.None)
        {
            update = TakeUpdate(listener);
            if (update is not null)
            {
                listener.WriteUpdated(messages, update.Topic);
                return true;
            }

            next = LowestOf(listener.Pending);
        }

        if (next == PendingEvents.None)
        {
            return false;
        }

        listener.Pending &= ~next;
        listener.Write(messages, next);
        if (next == PendingEvents.End)
        {
            Leave(listener);
        }

        return true;
    }

    private static UriSubscription? TakeUpdate(Listener listener)
    {
        while (listener.FirstPending is { } subscription)
        {
            listener.FirstPending = subscription.NextPending;
            subscription.NextPending = null;
            subscription.IsPending = false;
            if (listener.FirstPending is null)
            {
                listener.LastPending = null;
            }

            if (!subscription.IsRemoved)
            {
                return subscription;
            }
        }

        return null;
    }

    // What was not taken waits again, and for whoever can tell that messages can be taken. That may have been said meanwhile.
    private void GiveBack(Listener listener, PendingEvents notTaken, UriSubscription? update)
    {
        bool queue, finish;
        lock (_gate)
        {
            if (!listener.IsClosed)
            {
                listener.Pending |= notTaken;
                NoteFirst(update);
            }

            listener.IsBusy = false;
            if (listener.WasResumed)
            {
                ReadyIfPending(listener);
            }

            finish = listener.IsClosed;
            queue = MustQueueTurn();
        }

        if (finish)
        {
            Finish(listener);
        }

        QueueTurn(queue);
    }

    private static void Note(UriSubscription subscription)
    {
        if (subscription.IsPending)
        {
            return;
        }

        subscription.IsPending = true;
        var listener = subscription.Listener;
        if (listener.LastPending is { } last)
        {
            last.NextPending = subscription;
        }
        else
        {
            listener.FirstPending = subscription;
        }

        listener.LastPending = subscription;
    }

    // Back to where it was taken from: what came first is still told first.
    private static void NoteFirst(UriSubscription? subscription)
    {
        if (subscription is null or { IsRemoved: true } or { IsPending: true })
        {
            return;
        }

        var listener = subscription.Listener;
        subscription.IsPending = true;
        subscription.NextPending = listener.FirstPending;
        listener.FirstPending = subscription;
        listener.LastPending ??= subscription;
    }

    private static PendingEvents LowestOf(PendingEvents events) => (PendingEvents)((int)events & -(int)events);
}
