using Peregrine.Execution.Switches;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;
using Peregrine.Server.Scheduling;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// What holds for the calls of one tool or prompt, or for the resources that one pattern matches. From outside in: load, sizes, rate limits, keys, cache and equal calls, places, retries,
/// breaker, time; compression on the way back. Thread-safe.
/// </summary>
internal sealed partial class RoutePolicy
{
    // Long enough for a call in flight to end.
    private static readonly TimeSpan ShedRetryAfter = TimeSpan.FromSeconds(1);

    private readonly PolicyScope[] _scopes;
    private readonly PolicySettings _settings;
    private readonly PolicyParts _parts;
    private readonly CatalogItem? _item;
    private readonly string _server;
    private readonly RuntimeSwitch? _shedding;
    private readonly RuntimeSwitch? _compression;
    private readonly RuntimeSwitch? _sizes;
    private readonly RateGate? _rate;
    private readonly RateGate? _clientRate;
    private readonly RuntimeSwitch? _once;
    private readonly SharedCalls? _shared;

    /// <summary>Makes the policies of a route.</summary>
    /// <param name="scopes">What asks for them, the nearest first.</param>
    /// <param name="upstream">The server.</param>
    /// <param name="item">What is called; null for resources.</param>
    /// <param name="sharesResults">True where results of any server are kept or calls joined, so that tools that change something have to end that.</param>
    /// <param name="parts">What they run on.</param>
    internal RoutePolicy(PolicyScope[] scopes, Upstream upstream, CatalogItem? item, bool sharesResults, PolicyParts parts)
    {
        _scopes = scopes;
        _settings = scopes.Select(static scope => scope.Settings).Aggregate(static (nearer, farther) => nearer.Over(farther));
        _parts = parts;
        _item = item;
        _server = upstream.Name;
        var hints = item is not null && _settings.TrustHints != false ? ToolHints.Read(item.Item.Members) : default;
        IsReadOnly = item is null || (_settings.ReadOnly ?? hints.ReadOnly);
        MayRepeat = IsReadOnly || (_settings.Idempotent ?? hints.Idempotent);
        _shedding = SwitchOf(PolicyKind.Shedding);
        _compression = SwitchOf(PolicyKind.Compression);
        _sizes = SwitchOf(PolicyKind.SizeLimits);
        _rate = MakeGate(PolicyKind.RateLimit, _settings.RateLimit, clients: null);
        _clientRate = MakeGate(PolicyKind.ClientRateLimit, _settings.ClientRateLimit, parts.Clients);
        _once = IsReadOnly && item is null ? null : SwitchOf(PolicyKind.Once);
        _shared = IsReadOnly ? MakeShared() : null;
        _drops = IsReadOnly || !sharesResults ? [] : _settings.Invalidates is { } tags ? [.. tags] : [CacheNames.OfServer(_server)];
        _timeout = SwitchOf(PolicyKind.Timeout);
        (_bulkhead, _bulkheadSwitch) = MakeBulkhead();
        (_guarded, _plain, _breakerSwitch) = MakeAttempts();
        (_retry, _retrySwitch) = MakeRetry();
        _isPlain = (_timeout, _bulkhead, _breakerSwitch, _retry) == (null, null, null, null) && _drops.Length == 0 && _sizes is null;
        IsEmpty = _isPlain && (_rate, _clientRate, _once, _shared) == (null, null, null, null) && (_shedding, _compression) == (null, null);
    }

    /// <summary>True where nothing holds: calls go on as if it were not there.</summary>
    internal bool IsEmpty { get; }

    /// <summary>True where the tool changes nothing.</summary>
    internal bool IsReadOnly { get; }

    /// <summary>True where the tool may run twice.</summary>
    internal bool MayRepeat { get; }

    /// <summary>Answers a call through all that holds for it.</summary>
    internal async ValueTask ForwardAsync(McpExchange exchange, Upstream upstream, ForwardTarget target)
    {
        var started = _parts.Time.GetTimestamp();
        if (!await TryAdmitAsync(exchange).ConfigureAwait(false))
        {
            if (exchange.Method == McpMethod.ToolsCall)
            {
                upstream.Calls.Record(exchange.ErrorCode == ErrorCodes.Overloaded ? RequestOutcome.Overloaded : RequestOutcome.Invalid, _parts.Time.GetElapsedTime(started));
            }

            return;
        }

        if (_once is not null && exchange.Method == McpMethod.ToolsCall && TransactionReader.IsPresent(exchange) && _once.Decide() && _parts.Keys is { } keys)
        {
            await new KeyedForward(keys, this, upstream, target, exchange).RunAsync().ConfigureAwait(false);
        }
        else if (_shared is not null && exchange.Method is McpMethod.ToolsCall or McpMethod.ResourcesRead)
        {
            await _shared.RunAsync(exchange, upstream, target).ConfigureAwait(false);
        }
        else
        {
            await ExecuteAsync(exchange, upstream, target).ConfigureAwait(false);
        }

        if (_compression is not null && ReplyCompression.Choose(exchange) is { } coding && _compression.Decide())
        {
            ReplyCompression.Compress((HttpExchange)exchange, coding);
        }
    }

    private async ValueTask<bool> TryAdmitAsync(McpExchange exchange)
    {
        if (_shedding is not null && _parts.Load.Refuse(_settings.Tier!.Value) is { } why && _shedding.Decide())
        {
            CallRefusals.Overloaded(exchange, $"Overloaded: {why}, and {PolicyScope.NameOf(_settings.Tier.Value)} calls are refused first; the call was not sent, try again later", ShedRetryAfter, isServerBusy: true);
            return false;
        }

        if (exchange.Envelope.Arguments.Length > (_settings.MaxArgumentBytes ?? int.MaxValue) && _sizes!.Decide())
        {
            exchange.Fail(ErrorCodes.ResourceExhausted,
                $"The arguments have {exchange.Envelope.Arguments.Length} bytes, more than the {_settings.MaxArgumentBytes} that this gateway takes; the call was not sent. Send less at a time", "{\"retryable\":false}"u8);
            return false;
        }

        // The client's own limit first: a client that asks too much takes nothing from the others.
        return (_clientRate is null || await _clientRate.TryEnterAsync(exchange).ConfigureAwait(false)) && (_rate is null || await _rate.TryEnterAsync(exchange).ConfigureAwait(false));
    }

    // The nearest scope that asks for it: its limits and its switch hold.
    private PolicyScope ScopeOf(PolicyKind kind) => Array.Find(_scopes, scope => kind.IsAsked(scope.Settings)) ?? _scopes[^1];

    private RuntimeSwitch? SwitchOf(PolicyKind kind) => kind.IsAsked(_settings) ? _parts.Switches.Of(ScopeOf(kind).Name, kind) : null;

    private RateGate? MakeGate(PolicyKind kind, RateLimitOptions? limit, ClientNames? clients) =>
        limit is null ? null : new RateGate(ScopeOf(kind).Name, limit.Limit, clients, _parts.Counters, SwitchOf(kind)!);

    private SharedCalls? MakeShared()
    {
        var (cache, coalescing) = (SwitchOf(PolicyKind.Cache), SwitchOf(PolicyKind.Coalescing));
        return cache is null && coalescing is null ? null : new SharedCalls(this, _item, _server, _settings.Cache, _parts, cache, coalescing, ScopeOf(PolicyKind.Cache).Name);
    }
}
