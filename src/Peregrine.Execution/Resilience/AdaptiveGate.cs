namespace Peregrine.Execution.Resilience;

/// <summary>Lets calls through up to a limit that it finds by itself, the most urgent first and among equals the oldest. Thread-safe.</summary>
internal sealed class AdaptiveGate(AdaptiveLimit limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Waiter, (int Rank, long Order)> _waiting = new();
    private int _inFlight;
    private long _order;

    /// <summary>The limit of the moment.</summary>
    internal int Limit
    {
        get
        {
            lock (_gate)
            {
                return limit.Limit;
            }
        }
    }

    /// <summary>How many are through and have not left.</summary>
    internal int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="priority">Higher goes first.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>To be given back with <see cref="Leave"/>.</returns>
    internal ValueTask<Pass> EnterAsync(int priority, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_inFlight < limit.Limit && _waiting.Count == 0)
            {
                return new ValueTask<Pass>(Admit());
            }

            waiter = new Waiter();
            _waiting.Enqueue(waiter, (-priority, _order++));
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Gives a turn back.</summary>
    /// <param name="pass">The turn.</param>
    /// <param name="end">How the call ended.</param>
    internal void Leave(Pass pass, PassEnd end)
    {
        lock (_gate)
        {
            _inFlight--;
            if (end == PassEnd.Overloaded)
            {
                limit.RecordOverload(pass.Window);
            }
            else if (end == PassEnd.Answered)
            {
                limit.Record(pass.Window, Math.Max(1, time.GetTimestamp() - pass.Start), pass.InFlight);
            }

            AdmitWaiting();
        }
    }

    private static async ValueTask<Pass> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        return await waiter.Task.ConfigureAwait(false);
    }

    private void AdmitWaiting()
    {
        while (_inFlight < limit.Limit && _waiting.TryDequeue(out var waiter, out _))
        {
            // One that has given up is passed over.
            var pass = Admit();
            if (!waiter.TrySetResult(pass))
            {
                _inFlight--;
            }
        }
    }

    private Pass Admit() => new(limit.Window, time.GetTimestamp(), ++_inFlight);

    private sealed class Waiter() : TaskCompletionSource<Pass>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A turn.</summary>
    /// <param name="Window">The limit's window in which it was given.</param>
    /// <param name="Start">When.</param>
    /// <param name="InFlight">How many were through, this one included.</param>
    internal readonly record struct Pass(int Window, long Start, int InFlight);
}
