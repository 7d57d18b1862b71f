using System.Runtime.CompilerServices;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.Subscriptions;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;
using Peregrine.Server.Telemetry;

namespace Peregrine.Gateway.Routing;

/// <summary>
/// Answers clients of the gateway: what is about the gateway itself at once, lists from the catalog, everything else through the upstream that has what it is about. Thread-safe.
/// </summary>
internal sealed partial class GatewayResponder : ISessionResponder, IUnreadBodyResponder, IObservedResponder
{
    // How long the first lists and calls wait for upstreams that are still starting; one that takes longer is listed when it is up.
    private static readonly TimeSpan GatherPatience = TimeSpan.FromSeconds(5);

    private static readonly byte[] EmptyResult = "{}"u8.ToArray();

    private readonly Func<CatalogSnapshot> _catalog;
    private readonly GatewayEvents _events;
    private readonly LoggingFeature _logging = new();
    private readonly UpstreamSet _upstreams;
    private readonly TimeProvider _time;
    private readonly ServerTelemetry _telemetry;
    private readonly RequestMeter _lists;
    private readonly RequestMeter _unknown;
    private readonly GatewayPolicies _policies;
    private readonly ServerIdentity _identity;
    private readonly TimeSpan _timeToLive;
    private byte[][] _initializeResults = [];
    private byte[] _discoverResult = [];
    private Task? _gathering;
    private int _inFlight;
    private volatile bool _draining;

    internal GatewayResponder(
        Func<CatalogSnapshot> catalog, GatewayEvents events, UpstreamSet upstreams, ServerIdentity identity, TimeSpan timeToLive, int maxConcurrentCalls, GatewayParts parts)
    {
        _catalog = catalog;
        _events = events;
        _upstreams = upstreams;
        _time = parts.Time;
        _telemetry = parts.Telemetry;
        MaxConcurrentCalls = maxConcurrentCalls;
        _lists = parts.Metrics.Meter("gateway", "tools/list");
        _unknown = parts.Metrics.Meter("gateway", "tools/call");
        _policies = parts.Policies;
        (_identity, _timeToLive) = (identity, timeToLive);
        Introduce(_policies.Capability.Span);
    }

    /// <summary>How many calls may be in flight.</summary>
    internal int MaxConcurrentCalls { get; set; }

    /// <summary>Calls in flight.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>True once what every upstream offers is known, or it failed once, or patience ran out.</summary>
    internal bool HasGathered => _gathering is { IsCompleted: true };

    /// <summary>Says from now on what the gateway offers.</summary>
    /// <param name="further">A member beside those that it always has, raw; empty for none.</param>
    internal void Introduce(ReadOnlySpan<byte> further)
    {
        var results = new byte[(int)ProtocolVersions.LatestOfSessionEra + 1][];
        for (var version = ProtocolVersion.V2024_11_05; version <= ProtocolVersions.LatestOfSessionEra; version++)
        {
            results[(int)version] = _identity.InitializeResult(version, GatewayCapabilities.With(version, further));
        }

        Volatile.Write(ref _discoverResult, _identity.DiscoverResult(GatewayCapabilities.With(ProtocolVersions.Latest, further), _timeToLive));
        Volatile.Write(ref _initializeResults, results);
    }

    /// <summary>Begins to wait for the upstreams' first answers.</summary>
    internal void BeginGathering() => _gathering = GatherAsync();

    /// <summary>Refuses calls from now on.</summary>
    internal void Drain() => _draining = true;

    /// <inheritdoc/>
    public void OnInitialized(PeregrineSession session) => _events.Feature.OnInitialized(session);

    /// <inheritdoc/>
    public void OnRevived(PeregrineSession session) => _events.Feature.OnRevived(session);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (exchange.UnreadBody is { } body)
        {
            return ForwardUnreadAsync(exchange, body);
        }

        if (!exchange.IsRequest)
        {
            TakeNote(exchange);
            return default;
        }

        return _telemetry.IsOn ? _telemetry.ObserveAsync(this, exchange) : RespondUnobserved(exchange);
    }

    /// <inheritdoc/>
    public ValueTask RespondUnobserved(McpExchange exchange)
    {
        switch (exchange.Method)
        {
            case McpMethod.Ping:
                exchange.ReturnShared(EmptyResult);
                return default;
            case McpMethod.Initialize:
                exchange.ReturnShared(_initializeResults[(int)exchange.Version]);
                return default;
            case McpMethod.ServerDiscover:
                exchange.ReturnShared(_discoverResult);
                return default;
            case McpMethod.LoggingSetLevel:
                return SetLogLevel(exchange);
            case McpMethod.ToolsCall when !HasGathered && IsCertain(exchange):
                return Forward(exchange);
            case McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList or McpMethod.ToolsCall or McpMethod.PromptsGet
                or McpMethod.ResourcesRead or McpMethod.CompletionComplete or McpMethod.SubscriptionsListen or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe:
                return HasGathered ? Answer(exchange) : GatherThenAsync(exchange);
            default:
                EraRules.FailMethod(exchange);
                return default;
        }
    }

    private void TakeNote(McpExchange notification)
    {
        if (notification.Method == McpMethod.NotificationsInitialized && notification.Session is { } session)
        {
            OnInitialized(session);
        }
    }

    private async Task GatherAsync()
    {
        var attempts = Task.WhenAll(_upstreams.Current.Select(static upstream => upstream.FirstKnown));
        await attempts.WaitAsync(GatherPatience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask GatherThenAsync(McpExchange exchange)
    {
        if (_gathering is { } gathering)
        {
            await gathering.WaitAsync(exchange.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Answer(exchange).ConfigureAwait(false);
    }

    private ValueTask Answer(McpExchange exchange)
    {
        switch (exchange.Method)
        {
            case McpMethod.ToolsList:
                List(exchange, OfferKind.Tool);
                return default;
            case McpMethod.PromptsList:
                List(exchange, OfferKind.Prompt);
                return default;
            case McpMethod.ResourcesList:
                List(exchange, OfferKind.Resource);
                return default;
            case McpMethod.ResourcesTemplatesList:
                List(exchange, OfferKind.ResourceTemplate);
                return default;
            case McpMethod.SubscriptionsListen or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe:
                return _events.RespondAsync(exchange);
            default:
                return Forward(exchange);
        }
    }

    // True where the tool is known already, and none of the servers that are still starting can offer one of that name that would come before it.
    private bool IsCertain(McpExchange exchange)
    {
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(exchange.Envelope.Name.Of(exchange.Body.Span), buffer, out var name) || _catalog().Tools.Find(name) is not { } tool)
        {
            return false;
        }

        foreach (var upstream in _upstreams.Span)
        {
            if (upstream == tool.Upstream)
            {
                return true;
            }

            if (!upstream.FirstAttempt.IsCompleted && tool.FullName.StartsWith(upstream.Prefix, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private void List(McpExchange exchange, OfferKind kind)
    {
        var started = _time.GetTimestamp();
        if (exchange.Envelope.Cursor.IsPresent)
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid cursor: this list has one page; leave the cursor out");
            _lists.Record(RequestOutcome.Invalid, _time.GetElapsedTime(started));
            return;
        }

        var list = _catalog()[kind];
        exchange.ReturnShared(exchange.Era == ProtocolEra.Stateless ? list.StatelessResult : list.SessionResult);
        _lists.Record(RequestOutcome.Ok, _time.GetElapsedTime(started));
    }

    private ValueTask SetLogLevel(McpExchange exchange)
    {
        var answering = _logging.RespondAsync(exchange);
        if (exchange is { ErrorCode: 0, Session.LogLevel: { } level })
        {
            foreach (var upstream in _upstreams.Span)
            {
                upstream.WantLog(level);
            }
        }

        return answering;
    }

    private ValueTask Forward(McpExchange exchange)
    {
        var started = _time.GetTimestamp();
        if (!TryFind(exchange, out var upstream, out var target))
        {
            _unknown.Record(RequestOutcome.Invalid, _time.GetElapsedTime(started));
            return default;
        }

        return Forward(exchange, upstream, target, started);
    }

    private ValueTask Forward(McpExchange exchange, Upstream upstream, ForwardTarget target, long started)
    {
        if (_draining)
        {
            UnreadCall.Identify(exchange);
            exchange.Fail(ErrorCodes.Draining, "The gateway is shutting down and takes no new calls; retry at another or later", "{\"retryable\":true}"u8);
            _unknown.Record(RequestOutcome.Unavailable, _time.GetElapsedTime(started));
            return default;
        }

        if (Interlocked.Increment(ref _inFlight) <= MaxConcurrentCalls)
        {
            return ForwardAsync(exchange, upstream, target);
        }

        Interlocked.Decrement(ref _inFlight);
        UnreadCall.Identify(exchange);
        exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: {MaxConcurrentCalls} calls are in flight; retry when some have ended", "{\"retryable\":true}"u8);
        _unknown.Record(RequestOutcome.Overloaded, _time.GetElapsedTime(started));
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ForwardAsync(McpExchange exchange, Upstream upstream, ForwardTarget target)
    {
        try
        {
            await SendAsync(exchange, upstream, target).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    // Through what holds for the call, where anything does.
    private ValueTask SendAsync(McpExchange exchange, Upstream upstream, in ForwardTarget target) =>
        _policies.Find(exchange, upstream, target) is { } policy ? policy.ForwardAsync(exchange, upstream, target) : upstream.ForwardAsync(exchange, target);
}
