namespace Peregrine.Server.Subscriptions;

// How streams end from the server's side.
internal sealed partial class SubscriptionHub
{
    /// <summary>Has one stream end: its reader is sent what is pending, then that it has ended.</summary>
    internal void End(ListenStream stream)
    {
        bool queue;
        lock (_gate)
        {
            NoteEnd(stream);
            queue = MustQueueTurn();
        }

        QueueTurn(queue);
    }

    /// <summary>Ends all streams and refuses new ones.</summary>
    /// <param name="cancellationToken">Cuts off the readers that have not taken their end by then.</param>
    internal async Task EndAllAsync(CancellationToken cancellationToken)
    {
        Task ended;
        bool queue;
        lock (_gate)
        {
            _closing = true;
            if (_streams == 0)
            {
                return;
            }

            _streamsEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ended = _streamsEnded.Task;
            foreach (var listener in _listeners)
            {
                NoteEnd(listener);
            }

            queue = MustQueueTurn();
        }

        QueueTurn(queue);
        using (cancellationToken.UnsafeRegister(static state => ((SubscriptionHub)state!).CutOff(), this))
        {
            await ended.ConfigureAwait(false);
        }
    }

    private void NoteEnd(Listener listener)
    {
        if (listener.IsStream && !listener.IsClosed)
        {
            listener.Pending |= listener.Ending;
            Ready(listener);
        }
    }

    private void CutOff()
    {
        Listener[] streams;
        lock (_gate)
        {
            streams = [.. _listeners.Where(static listener => listener.IsStream)];
        }

        foreach (var stream in streams)
        {
            stream.Abort();
            Close(stream);
        }
    }
}
