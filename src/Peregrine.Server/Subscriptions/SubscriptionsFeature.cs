using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Subscriptions;

/// <summary>
/// <c>subscriptions/listen</c> of the stateless era, <c>resources/subscribe</c> and <c>resources/unsubscribe</c> of the session era. Its capabilities are those of the lists. Thread-safe.
/// </summary>
internal sealed class SubscriptionsFeature : IServerFeature
{
    private static readonly byte[] EmptyResult = "{}"u8.ToArray();

    private readonly Lock _keeping = new();
    private readonly SubscriptionHub _hub;
    private readonly RegistryChange _offered;
    private readonly Func<string, bool>? _canServe;

    /// <summary>Makes the feature.</summary>
    /// <param name="hub">Who tells.</param>
    /// <param name="offered">The lists that the server has: what it tells of, whatever a client asks for.</param>
    /// <param name="canServe">Says of a URI whether it may be subscribed to; null where none may.</param>
    internal SubscriptionsFeature(SubscriptionHub hub, RegistryChange offered, Func<string, bool>? canServe)
    {
        _hub = hub;
        _offered = offered;
        _canServe = canServe;
        Methods = canServe is null ? [McpMethod.SubscriptionsListen] : [McpMethod.SubscriptionsListen, McpMethod.ResourcesSubscribe, McpMethod.ResourcesUnsubscribe];
    }

    /// <inheritdoc/>
    public McpMethod[] Methods { get; }

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version)
    {
        // Else the feature that has the resources says it, with what else they can.
        if (_canServe is not null && (_offered & RegistryChange.Resources) == 0)
        {
            writer.Write("\"resources\":{\"subscribe\":true}"u8);
        }
    }

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        if (exchange.Method == McpMethod.SubscriptionsListen)
        {
            Listen(exchange);
        }
        else
        {
            Subscribe(exchange);
        }

        return default;
    }

    /// <summary>The client of a session has said that it is ready: from now on it is told of lists.</summary>
    internal void OnInitialized(PeregrineSession session)
    {
        var listener = ListenerOf(session);
        if (!listener.IsInitialized)
        {
            listener.NoteInitialized();
            _hub.Join(listener, _offered);
            Keep(session, listener);
        }
    }

    /// <summary>A session goes on after a restart: its client is told of what it had subscribed to, though not of what changed meanwhile.</summary>
    internal void OnRevived(PeregrineSession session)
    {
        if (session.State is not { } state)
        {
            return;
        }

        var (isInitialized, uris) = SubscriptionRecord.Read(state);
        if (isInitialized || uris.Count > 0)
        {
            var listener = ListenerOf(session);
            foreach (var uri in uris)
            {
                _hub.TrySubscribe(listener, uri);
            }

            if (isInitialized)
            {
                listener.NoteInitialized();
                _hub.Join(listener, _offered);
            }
        }
    }

    // Reading and setting are one: of two changes at once the later must not be lost.
    private void Keep(PeregrineSession session, SessionListener listener)
    {
        if (session.KeepsState)
        {
            lock (_keeping)
            {
                session.State = SubscriptionRecord.Write(listener.IsInitialized, _hub.UrisOf(listener));
            }
        }
    }

    private void Listen(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        if (ListenFilter.Read(envelope.Params.Of(exchange.Body.Span), _hub.Options, out var filter) is { } fault)
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Invalid params: {fault}");
            return;
        }

        if (!exchange.CanStream)
        {
            exchange.FailRequest(ErrorCodes.InvalidRequest, "Invalid request: subscriptions/listen is answered with a stream of events; send Accept: application/json, text/event-stream");
            return;
        }

        // What is not honoured is missing in the acknowledgement; that is how the client learns (2026-07-28, subscriptions).
        string[] uris = _canServe is null ? [] : [.. filter.Uris.Where(_canServe)];
        exchange.ListenRequest = new ListenRequest(_hub, envelope.Id.Of(exchange.Body.Span).ToArray(), filter.Lists & _offered, uris);
    }

    private void Subscribe(McpExchange exchange)
    {
        var raw = exchange.Envelope.Uri.Of(exchange.Body.Span);
        if (ListenFilter.JudgeUri(raw, _hub.Options, out var uri) is not null)
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Invalid params: \"uri\" must be a text of 1 to {_hub.Options.MaxUriLength} characters");
            return;
        }

        if (exchange.Session is not { } session)
        {
            exchange.Fail(ErrorCodes.InvalidRequest, "Invalid request: a subscription belongs to a session, and this request came without one; send initialize first");
            return;
        }

        if (exchange.Method == McpMethod.ResourcesUnsubscribe)
        {
            if (session.Listener is { } known)
            {
                _hub.Unsubscribe(known, uri);
                Keep(session, known);
            }

            exchange.ReturnShared(EmptyResult);
            return;
        }

        if (_canServe is null || !_canServe(uri))
        {
            using var data = new PooledByteWriter(256);
            data.Write("{\"uri\":"u8);
            JsonStringWriter.WriteString(data, uri.AsSpan());
            data.WriteByte((byte)'}');
            exchange.Fail(ErrorCodes.ResourceNotFoundOfSessionEra, $"Resource not found: {EraRules.Shorten(uri)}", data.WrittenSpan);
            return;
        }

        var outcome = _hub.TrySubscribe(ListenerOf(session), uri);
        if (outcome == OpenOutcome.Opened)
        {
            Keep(session, session.Listener!);
            exchange.ReturnShared(EmptyResult);
        }
        else
        {
            ListenRequest.Fail(exchange, outcome, _hub.Options);
        }
    }

    // Made with the first need: most sessions of a large server have none before their client is ready.
    private SessionListener ListenerOf(PeregrineSession session)
    {
        if (session.Listener is { } made)
        {
            return made;
        }

        var listener = new SessionListener(session, _hub);
        if (!session.TrySetListener(listener))
        {
            return session.Listener!;
        }

        session.OnClosed(listener.Close);
        return listener;
    }
}
