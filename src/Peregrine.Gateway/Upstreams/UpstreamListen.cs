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
    private volatile bool _wasAcknowledged;

    private UpstreamListen(UpstreamSession session, byte[] parameters)
    {
        _session = session;
        _id = session.Connection.AllocateProgressToken();
        _ending = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        session.Handler.Acknowledged += OnAcknowledged;
        Ended = RunAsync(parameters);
    }

    /// <summary>Ends when the upstream has acknowledged it, or it has ended without. Never fails.</summary>
    internal Task Acknowledged => _acknowledged.Task;

    /// <summary>True once the upstream has acknowledged it.</summary>
    internal bool WasAcknowledged => _wasAcknowledged;

    /// <summary>Ends with it. Never fails.</summary>
    internal Task<ListenEnd> Ended { get; }

    /// <summary>Sends the request.</summary>
    /// <param name="session">The session of the upstream; its handler takes what is told.</param>
    /// <param name="parameters">What to be told of.</param>
    internal static UpstreamListen Begin(UpstreamSession session, byte[] parameters) => new(session, parameters);

    /// <summary>Gives it up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task<ListenEnd> RunAsync(byte[] parameters)
    {
        try
        {
            // A request's id is its progress token, and what is told on a shared connection carries it.
            var options = new SendOptions { ProgressToken = _id, OnNotification = Take };
            using var reply = await _session.Connection.SendRequestAsync("subscriptions/listen"u8, parameters, options, _ending.Token).ConfigureAwait(false);
            return _wasAcknowledged ? ListenEnd.Ended : ListenEnd.Refused;
        }
        catch (McpTransportException exception) when (!_wasAcknowledged)
        {
            return exception.Fault switch
            {
                TransportFault.ConnectFailed => ListenEnd.Unreachable,
                TransportFault.ConnectionLost or TransportFault.Closed or TransportFault.SessionLost => ListenEnd.Ended,
                _ => ListenEnd.Refused,
            };
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException or ObjectDisposedException)
        {
            return ListenEnd.Ended;
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
            OnAcknowledged(_id);
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
            _wasAcknowledged = true;
            _acknowledged.TrySetResult();
        }
    }
}
