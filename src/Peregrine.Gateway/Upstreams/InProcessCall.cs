using Peregrine.Observability.Scheduling;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// One call of a server in the gateway's own process that has a deadline. It runs on a copy of the request, away from its caller: a tool cannot be made to return, be it that it awaits or that it holds its
/// thread, and its caller is answered in time all the same.
/// </summary>
internal sealed class InProcessCall(IMcpResponder responder, McpExchange exchange) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DetachedExchange _copy = DetachedExchange.Of(exchange, canStream: false);

    /// <summary>Runs the call, and answers the exchange with its reply.</summary>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="scheduler">Runs it.</param>
    /// <returns>False where it has not ended in time: it was cancelled, and nothing of it reaches its caller any more, whom somebody else must answer.</returns>
    internal async ValueTask<bool> RunAsync(TimeSpan timeout, TimeProvider time, IWorkScheduler scheduler)
    {
        var generation = _copy.Generation;
        var cancellation = exchange.CancellationToken.UnsafeRegister(_ => _copy.CancelIf(generation), null);
        scheduler.Schedule(this);
        await _ended.Task.WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await cancellation.DisposeAsync().ConfigureAwait(false);
        if (!_ended.Task.IsCompleted)
        {
            _copy.TryCloseNotifications();
            _copy.CancelIf(generation);
            _ = ReturnLateAsync();
            return false;
        }

        // Throws what the responder has thrown: that may be a TimeoutException of its own, which says nothing of this deadline.
        await _ended.Task.ConfigureAwait(false);
        exchange.TakeReply(_copy);
        _copy.Return();
        return true;
    }

    /// <summary>Begins the call.</summary>
    public void Execute() => _ = RespondAsync();

    private async Task RespondAsync()
    {
        try
        {
            await responder.RespondAsync(_copy).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // What it returns too late is nobody's; what it throws as well.
    private async Task ReturnLateAsync()
    {
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _copy.Return();
    }
}
