using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Subscriptions;

// Who is next: listeners with something to be told wait in a chain, of which workers take a part in each turn.
internal sealed partial class SubscriptionHub : IThreadPoolWorkItem
{
    // What one worker takes before another may help: enough to be worth the queueing.
    private const int ListenersPerTurn = 64;

    private Listener? _firstReady;
    private Listener? _lastReady;
    private bool _turnQueued;

    /// <summary>One turn of a worker.</summary>
    public void Execute()
    {
        Listener? first;
        bool queue;
        lock (_gate)
        {
            _turnQueued = false;
            first = TakeReady();
            queue = MustQueueTurn();
        }

        // Before the sending: another worker can begin with the rest.
        QueueTurn(queue);
        using var messages = new PooledByteWriter(1024);
        while (first is not null)
        {
            // Read before it is given free and may be queued again.
            var listener = first;
            first = listener.NextReady;
            listener.NextReady = null;
            SendAll(listener, messages);
        }
    }

    private void ReadyIfPending(Listener listener)
    {
        if (listener.HasPending)
        {
            Ready(listener);
        }
    }

    private void Ready(Listener listener)
    {
        if (listener.IsQueued || listener.IsBusy || listener.IsClosed)
        {
            return;
        }

        listener.IsQueued = true;
        if (_lastReady is { } last)
        {
            last.NextReady = listener;
        }
        else
        {
            _firstReady = listener;
        }

        _lastReady = listener;
    }

    // A chain of busy listeners.
    private Listener? TakeReady()
    {
        var first = _firstReady;
        Listener? last = null;
        var next = first;
        for (var i = 0; i < ListenersPerTurn && next is not null; i++)
        {
            next.IsQueued = false;
            next.IsBusy = true;
            last = next;
            next = next.NextReady;
        }

        last?.NextReady = null;
        _firstReady = next;
        if (next is null)
        {
            _lastReady = null;
        }

        return first;
    }

    private bool MustQueueTurn()
    {
        if (_turnQueued || _firstReady is null)
        {
            return false;
        }

        _turnQueued = true;
        return true;
    }

    private void QueueTurn(bool queue)
    {
        if (queue)
        {
            _scheduler.Schedule(this);
        }
    }
}
