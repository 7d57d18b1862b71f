using System.Threading.Channels;
using Peregrine.Client.Json;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// Takes what an upstream sends outside its replies: notes which lists have changed, passes updates of resources on, and hands log messages and questions to the call that they belong to. What
/// comes on no call's stream says not whose it is; where more than one call could be meant, a question is refused and a message dropped: neither must reach another client. Thread-safe.
/// </summary>
internal sealed class UpstreamHandler : IncomingHandler
{
    // Beside the flags of lists that may have changed: the upstream has said so.
    private const int Told = 1 << 8;

    private readonly Action<string> _updated;
    private readonly Action<OfferKind> _listChanged;
    private readonly Lock _gate = new();
    private readonly List<CallRelay> _relays = [];

    // One place: several changes while lists are being fetched are one change; what has changed is in the flags.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _changed;
    private int _silent;

    internal UpstreamHandler(Action<string> updated, Action<OfferKind> listChanged)
    {
        _updated = updated;
        _listChanged = listChanged;
        OnShared = TakeShared;
    }

    /// <summary>Refuses a question on the stream of a call whose caller cannot be asked.</summary>
    internal static RequestCallback Refuse { get; } = static (request, _) =>
    {
        request.Fail(ErrorCodes.MethodNotFound, "The client whose call this belongs to cannot be asked.");
        return ValueTask.CompletedTask;
    };

    /// <summary>Fires when the upstream acknowledges a subscription on a connection that requests share; the argument is the id of its request. On the connection's reader: must not block.</summary>
    internal event Action<long>? Acknowledged;

    /// <summary>Takes what is about the upstream as a whole, and drops what would belong to a call.</summary>
    internal NotificationCallback OnShared { get; }

    /// <summary>Waits until lists have changed, or may have, since the last wait ended.</summary>
    /// <returns>Which, and whether the upstream has said so.</returns>
    internal async ValueTask<(OfferKind[] Kinds, bool IsTold)> WaitAsync(CancellationToken cancellationToken)
    {
        await _changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var changed = Interlocked.Exchange(ref _changed, 0);
        return ([.. OfferKinds.All.Where(kind => (changed & (1 << (int)kind)) != 0)], (changed & Told) != 0);
    }

    /// <summary>A call begins that messages may belong to.</summary>
    internal void Enter(CallRelay relay)
    {
        lock (_gate)
        {
            _relays.Add(relay);
        }
    }

    /// <summary>It has ended.</summary>
    internal void Leave(CallRelay relay)
    {
        lock (_gate)
        {
            _relays.Remove(relay);
        }
    }

    /// <summary>A call begins or ends that takes no messages, but may cause some: as long as there is one, nothing can be told apart.</summary>
    internal void CountSilent(int difference) => Interlocked.Add(ref _silent, difference);

    /// <summary>Has all lists read again: until now the upstream had nobody to tell of changes.</summary>
    internal void NoteNotTold()
    {
        foreach (var kind in OfferKinds.All)
        {
            Interlocked.Or(ref _changed, 1 << (int)kind);
        }

        _changes.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public override void OnNotification(in IncomingNotification notification)
    {
        if (notification.Method is McpMethod.NotificationsMessage or McpMethod.NotificationsElicitationComplete)
        {
            Single()?.OnNotification(notification);
        }
        else
        {
            TakeShared(notification);
        }
    }

    /// <inheritdoc/>
    public override ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Single() is { TakesQuestions: true } relay)
        {
            return relay.AskAsync(request, cancellationToken);
        }

        if (request.Method == McpMethod.RootsList && IsIdle)
        {
            // Many servers ask as soon as they are connected. That is about the gateway itself, which has none.
            request.Complete("{\"roots\":[]}"u8);
            return ValueTask.CompletedTask;
        }

        request.Fail(ErrorCodes.MethodNotFound, "The gateway cannot tell whose call this belongs to, or the client behind it cannot be asked.");
        return ValueTask.CompletedTask;
    }

    private void TakeShared(in IncomingNotification notification)
    {
        switch (notification.Method)
        {
            case McpMethod.NotificationsToolsListChanged:
                Note(OfferKind.Tool);
                break;
            case McpMethod.NotificationsPromptsListChanged:
                Note(OfferKind.Prompt);
                break;
            case McpMethod.NotificationsResourcesListChanged:
                Note(OfferKind.Resource);
                Note(OfferKind.ResourceTemplate);
                break;
            case McpMethod.NotificationsResourcesUpdated:
                if (ObjectReader.FindText(notification.Parameters, "uri"u8) is { } uri)
                {
                    _updated(uri);
                }

                break;
            case McpMethod.NotificationsSubscriptionsAcknowledged:
                if (JsonText.TryGetInt64(ObjectReader.Find(ObjectReader.Find(notification.Parameters, "_meta"u8), "io.modelcontextprotocol/subscriptionId"u8), out var id))
                {
                    Acknowledged?.Invoke(id);
                }

                break;
        }
    }

    private bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _relays.Count == 0 && Volatile.Read(ref _silent) == 0;
            }
        }
    }

    private void Note(OfferKind kind)
    {
        _listChanged(kind);
        Interlocked.Or(ref _changed, Told | (1 << (int)kind));
        _changes.Writer.TryWrite(true);
    }

    // The one call that a message can belong to; null where there is none or more than one.
    private CallRelay? Single()
    {
        lock (_gate)
        {
            return _relays.Count == 1 && Volatile.Read(ref _silent) == 0 ? _relays[0] : null;
        }
    }
}
