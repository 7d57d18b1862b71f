using Peregrine.Client;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// One <c>subscriptions/listen</c> at an upstream (2026-07-28, subscriptions), from the request to its end. What changes before the upstream has acknowledged it is not told on it. Thread-safe.
/// </summary>
internal sealed class UpstreamListen : IAsyncDisposable
{
    private readonly UpstreamSession _session;
    private readonly long _id;
    private readonly CancellationTokenSource _ending;
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private UpstreamListen(UpstreamSession session)
    {
        _session = session;
        _id = session.Connection.AllocateProgressToken();
        _ending = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
    }

    /// <summary>Ends when the upstream has acknowledged it, or it has ended without: a server may not offer it. Never fails.</summary>
    internal Task Acknowledged => _acknowledged.Task;

    /// <summary>Sends the request.</summary>
    /// <param name="session">The session of the upstream; its handler takes what is told.</param>
    /// <param name="parameters">What to be told of.</param>
    internal static UpstreamListen Begin(UpstreamSession session, byte[] parameters)
    {
        var listen = new UpstreamListen(session);
        session.Handler.Acknowledged += listen.OnAcknowledged;
        _ = listen.RunAsync(parameters);
        return listen;
    }

    /// <summary>Gives it up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    // Never fails. Without it lists are read again at the next restart.
    private async Task RunAsync(byte[] parameters)
    {
        try
        {
            // A request's id is its progress token, and what is told on a shared connection carries it.
            var options = new SendOptions { ProgressToken = _id, OnNotification = Take };
            using var reply = await _session.Connection.SendRequestAsync("subscriptions/listen"u8, parameters, options, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException or ObjectDisposedException)
        {
            // It has ended.
        }
        finally
        {
            _session.Handler.Acknowledged -= OnAcknowledged;
            _acknowledged.TrySetResult();
        }
    }

    // Over HTTP: all that comes on the request's own stream.
    private void Take(in IncomingNotification notification)
    {
        if (notification.Method == McpMethod.NotificationsSubscriptionsAcknowledged)
        {
            _acknowledged.TrySetResult();
        }
        else
        {
            _session.Handler.OnNotification(notification);
        }
    }

    private void OnAcknowledged(long id)
    {
        if (id == _id)
        {
            _acknowledged.TrySetResult();
        }
    }
}
