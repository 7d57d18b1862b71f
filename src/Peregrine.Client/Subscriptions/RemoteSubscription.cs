using Peregrine.Client.Connecting;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Subscriptions;

/// <summary>
/// A subscription to changes at the server: <c>subscriptions/listen</c> in the stateless era, <c>resources/subscribe</c> and the server's own notifications in the session era. It survives
/// the loss of the connection: it is taken up again on the next one, and <see cref="ServerChangeKind.Resumed"/> says so. Dispose it to end it. Thread-safe.
/// </summary>
public sealed class RemoteSubscription : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly ClientLink _link;
    private readonly ServerEvents _events;
    private readonly SessionTopics _topics;
    private readonly SubscriptionRequest _request;
    private readonly PeregrineClientOptions _options;
    private readonly CancellationTokenSource _ending;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private ListenCall? _listening;
    private int _agreed;
    private int _disposed;

    internal RemoteSubscription(ClientLink link, ServerEvents events, SessionTopics topics, SubscriptionRequest request, PeregrineClientOptions options)
    {
        _link = link;
        _events = events;
        _topics = topics;
        _request = request;
        _options = options;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(link.Closing);
    }

    /// <summary>Ends when the subscription has ended: disposed, or the client closed. Never fails.</summary>
    public Task Completion => _running;

    /// <summary>Begins, and waits until the server has agreed for the first time.</summary>
    internal async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _events.Add(OnNotification);
        _running = RunAsync(_ending.Token);
        try
        {
            await _begun.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the subscription; more than once does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _events.Remove(OnNotification);
            await _ending.CancelAsync().ConfigureAwait(false);
        }

        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync(CancellationToken ending)
    {
        var pause = FirstPause;
        while (!ending.IsCancellationRequested)
        {
            var conversation = _link.Current;
            var started = _options.TimeProvider.GetTimestamp();
            string reason;
            try
            {
                conversation = await _link.GetAsync(ending).ConfigureAwait(false);
                Volatile.Write(ref _agreed, 0);
                if (conversation.Era == ProtocolEra.Stateless)
                {
                    reason = await ListenAsync(conversation, ending).ConfigureAwait(false);
                }
                else
                {
                    reason = await WatchSessionAsync(conversation, ending).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
            {
                // Before the server has agreed for the first time, whoever subscribes is told; after that nobody waits.
                if (_begun.TrySetException(exception))
                {
                    return;
                }

                reason = exception.Message;
                if (!_options.Reconnect && conversation.IsLost)
                {
                    break;
                }
            }

            // One that held for a while is taken up at once; a server that ends each at once is asked ever more rarely.
            pause = _options.TimeProvider.GetElapsedTime(started) > LongestPause ? FirstPause : pause;
            ClientLog.SubscriptionBroken(_options.Logger, conversation.Connection.Peer, reason, (long)pause.TotalMilliseconds);
            await Task.Delay(pause, _options.TimeProvider, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }

        _begun.TrySetException(new McpTransportException(TransportFault.Closed, "The client was closed on this side."));
    }

    // Stateless era: one request that the server answers when it wants to end it, and until then with notifications.
    private async ValueTask<string> ListenAsync(Conversation conversation, CancellationToken ending)
    {
        var call = new ListenCall(conversation, _request, OnMine);
        Volatile.Write(ref _listening, call);
        using var reply = await call.SendAsync(ending).ConfigureAwait(false);
        reply.ThrowIfError();
        OnAgreed();
        return "the server ended it";
    }

    // Session era: the server tells list changes by itself, and resources that are subscribed to one by one.
    private async ValueTask<string> WatchSessionAsync(Conversation conversation, CancellationToken ending)
    {
        foreach (var uri in _request.ResourceUris)
        {
            await _topics.EnterAsync(conversation, uri, _options.RequestTimeout, ending).ConfigureAwait(false);
        }

        try
        {
            OnAgreed();
            await conversation.Connection.Completion.WaitAsync(ending).ConfigureAwait(false);
            return "the connection has ended";
        }
        finally
        {
            foreach (var uri in _request.ResourceUris)
            {
                await _topics.LeaveAsync(conversation, uri, FarewellTime).ConfigureAwait(false);
            }
        }
    }

    // The first agreement is what the subscriber waits for; one after a break tells him of the gap. Said once for each conversation.
    private void OnAgreed()
    {
        if (Interlocked.Exchange(ref _agreed, 1) == 0 && !_begun.TrySetResult())
        {
            Tell(new ServerChange(ServerChangeKind.Resumed, null));
        }
    }

    private void OnNotification(in IncomingNotification notification)
    {
        if (_link.Current.Era == ProtocolEra.Session)
        {
            Take(notification);
        }
        else if (Volatile.Read(ref _listening) is { } call && call.IsMine(notification))
        {
            OnMine(notification);
        }
    }

    private void OnMine(in IncomingNotification notification)
    {
        if (notification.Method == McpMethod.NotificationsSubscriptionsAcknowledged)
        {
            OnAgreed();
        }
        else
        {
            Take(notification);
        }
    }

    private void Take(in IncomingNotification notification)
    {
        _options.SharedCache?.Observe(notification);
        switch (notification.Method)
        {
            case McpMethod.NotificationsToolsListChanged when _request.Tools:
                Tell(new ServerChange(ServerChangeKind.Tools, null));
                break;
            case McpMethod.NotificationsPromptsListChanged when _request.Prompts:
                Tell(new ServerChange(ServerChangeKind.Prompts, null));
                break;
            case McpMethod.NotificationsResourcesListChanged when _request.Resources:
                Tell(new ServerChange(ServerChangeKind.Resources, null));
                break;
            case McpMethod.NotificationsResourcesUpdated when Json.ObjectReader.FindText(notification.Parameters, "uri"u8) is { } uri && Watches(uri):
                Tell(new ServerChange(ServerChangeKind.Resource, uri));
                break;
        }
    }

    // A server may tell of a resource below one that is watched.
    private bool Watches(string uri) =>
        _request.ResourceUris.Any(watched => uri.StartsWith(watched, StringComparison.Ordinal) && (uri.Length == watched.Length || watched[^1] == '/' || uri[watched.Length] is '/' or '#' or '?'));

    private void Tell(ServerChange change)
    {
        try
        {
            _request.OnChange(change);
        }
        catch (Exception exception)
        {
            ClientLog.SubscriberFailed(_options.Logger, exception, _link.Current.Connection.Peer);
        }
    }
}
