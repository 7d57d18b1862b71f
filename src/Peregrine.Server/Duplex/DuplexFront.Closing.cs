namespace Peregrine.Server.Duplex;

// How a connection ends.
internal sealed partial class DuplexFront
{
    /// <summary>Ends the connection: calls in flight may go on for a while, then they are cancelled. Ends when all have ended, or shortly after they were cancelled.</summary>
    /// <param name="time">Where time comes from.</param>
    /// <param name="readerHasEnded">True where no message will come any more.</param>
    internal async Task CloseAsync(TimeProvider time, bool readerHasEnded = false)
    {
        _closing = true;

        // Under the lock of calls that enter and leave: none enters from now on, and who ends the last one either sees that the end has come, or is seen here to have ended it.
        _calls.EndEntering();
        _eras.Session?.Close();
        EndStreams();
        var started = time.GetTimestamp();
        if (HasOpen)
        {
            await WaitDrainedAsync(_options.DrainTime, time).ConfigureAwait(false);
            foreach (var work in _calls.CancelAll())
            {
                _scheduler.Schedule(work);
            }

            CloseStreams();

            // Half the time again for tools to notice; one that does not is abandoned with the process.
            await WaitDrainedAsync(_options.DrainTime / 2, time).ConfigureAwait(false);
        }

        // What the calls have left of their time, and at least a quarter: all together less than twice the drain time.
        var left = (_options.DrainTime * 1.5) - time.GetElapsedTime(started);
        var least = _options.DrainTime / 4;
        await _output.FinishAsync(left > least ? left : least).ConfigureAwait(false);
        _calls.Close(readerHasEnded);
        EndReports();
    }

    private bool HasOpen => _calls.Count > 0 || _streamCount > 0;

    private async Task WaitDrainedAsync(TimeSpan time, TimeProvider provider)
    {
        if (!HasOpen)
        {
            return;
        }

        try
        {
            await _drained.Completion.WaitAsync(time, provider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is still running is cancelled or abandoned by the caller.
        }
    }

    private void NoteDrained()
    {
        if (_closing && !HasOpen)
        {
            _scheduler.Schedule(_drained);
        }
    }

    /// <summary>Goes on with the end of the connection, as work of the scheduler.</summary>
    private sealed class DrainedWork : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _completion = new();

        internal Task Completion => _completion.Task;

        public void Execute() => _completion.TrySetResult();
    }
}
