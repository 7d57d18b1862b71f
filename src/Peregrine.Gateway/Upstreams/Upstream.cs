using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Gateway.Telemetry;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;

namespace Peregrine.Gateway.Upstreams;

/// <summary>An MCP server behind the gateway: its state, what it offers and its counters. Thread-safe.</summary>
internal abstract class Upstream : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly RequestMeter _calls;
    private readonly RequestMeter _prompts;
    private readonly RequestMeter _reads;
    private readonly RequestMeter _completions;
    private readonly int _maxConcurrentCalls;
    private int _inFlight;
    private int _restarts;
    private volatile bool _isDrained;
    private volatile ErrorNote? _lastError;
    private volatile UpstreamOffer _offer = UpstreamOffer.Empty;

    private protected Upstream(string name, NameRules names, int maxConcurrentCalls, GatewayParts parts)
    {
        var metrics = parts.Metrics;
        Name = name;
        Names = names;
        _maxConcurrentCalls = maxConcurrentCalls;
        _time = parts.Time;
        _calls = metrics.Meter(name, "tools/call");
        _prompts = metrics.Meter(name, "prompts/get");
        _reads = metrics.Meter(name, "resources/read");
        _completions = metrics.Meter(name, "completion/complete");
    }

    /// <summary>Fires when <see cref="Offer"/> was read; the argument names the lists that the server says have changed, whether or not they differ.</summary>
    internal event Action<RegistryChange>? OfferChanged;

    /// <summary>Fires when it says that a resource was updated; the argument is its URI. On the connection's reader: must not block.</summary>
    internal event Action<string>? ResourceUpdated;

    /// <summary>Fires when it says that a list has changed, before the list is read again. On the connection's reader: must not block.</summary>
    internal event Action<OfferKind>? ListChanged;

    /// <summary>Fires when a connection has come or gone.</summary>
    internal event Action? ConnectionsChanged;

    internal string Name { get; }

    /// <summary>What clients call its things by.</summary>
    internal NameRules Names { get; }

    internal string Prefix => Names.Prefix;

    /// <summary>stdio, http or in-process.</summary>
    internal abstract string Transport { get; }

    /// <summary>What it is, for people: a command or a URL, without secrets.</summary>
    internal abstract string Target { get; }

    internal UpstreamState State { get; private protected set; }

    /// <summary>The revision spoken with it; Unknown before the first connection.</summary>
    internal ProtocolVersion Version { get; private protected set; }

    /// <summary>What went wrong last, for people; null where nothing has.</summary>
    internal string? LastError => _lastError?.Text;

    /// <summary>How long ago that was; zero where nothing went wrong.</summary>
    internal TimeSpan LastErrorAge => _lastError is { } error ? _time.GetElapsedTime(error.At) : TimeSpan.Zero;

    internal int Restarts => Volatile.Read(ref _restarts);

    internal int InFlight => Volatile.Read(ref _inFlight);

    internal RequestMeter Calls => _calls;

    /// <summary>True while an operator has taken it out of service: its things stay listed, and calls are refused.</summary>
    internal bool IsDrained
    {
        get => _isDrained;
        set => _isDrained = value;
    }

    /// <summary>Tools whose definitions have changed since they were pinned.</summary>
    internal virtual IReadOnlyList<ToolChange> ToolChanges => [];

    /// <summary>The last lines of its standard error, oldest first; empty where it has none.</summary>
    internal virtual ImmutableArray<string> StandardError => [];

    /// <summary>The process's id; null where it is no child process or not running.</summary>
    internal virtual int? ProcessId => null;

    /// <summary>Connections that are up: processes, or one over HTTP.</summary>
    internal virtual int Connections => State == UpstreamState.Ready ? 1 : 0;

    /// <summary>How many connections it may have.</summary>
    internal virtual int MaxConnections => 1;

    /// <summary>What it offers, at last sight; kept while it is away, for calls wait for it.</summary>
    internal UpstreamOffer Offer => _offer;

    /// <summary>True once what it offers is known.</summary>
    internal bool HasGathered { get; private set; }

    /// <summary>Ends when the first attempt to connect has succeeded or failed. Never fails.</summary>
    internal abstract Task FirstAttempt { get; }

    /// <summary>Ends when what it offers is known, be it from a copy, or the first attempt has failed. Never fails.</summary>
    internal virtual Task FirstKnown => FirstAttempt;

    /// <summary>Begins to connect; returns at once.</summary>
    internal abstract void Start();

    /// <summary>Begins it anew: calls in flight may end for a while, those that come wait for it. Ends when it was taken down.</summary>
    /// <param name="patience">How long calls in flight may go on.</param>
    /// <param name="cancellationToken">Stops waiting; it is begun anew in any case.</param>
    /// <returns>False where it is nothing that could be begun anew.</returns>
    internal virtual ValueTask<bool> RestartAsync(TimeSpan patience, CancellationToken cancellationToken) => new(false);

    /// <summary>Accepts the change of a tool; of all, where null.</summary>
    /// <returns>How many changes were accepted.</returns>
    internal virtual ValueTask<int> AcceptAsync(string? tool, CancellationToken cancellationToken) => new(0);

    /// <summary>Ends it: closes the connection, ends the process.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>True where it says that it keeps keys of calls itself (<c>mcp_tx</c>), as far as is known.</summary>
    internal virtual bool KeepsKeys => false;

    /// <summary>What its ledger of keys is called now; null where it does not say, or has several.</summary>
    internal virtual string? KeyEpoch => null;

    /// <summary>True where it has resources, also such as it does not list.</summary>
    internal virtual bool HasResources => !_offer.Resources.IsEmpty || !_offer.ResourceTemplates.IsEmpty;

    /// <summary>
    /// True where a call of this tool can go on without anybody here having read it: nothing in it would be changed, and nothing that the server offers is kept from clients, for then the
    /// name in the header, which the server alone compares with the body, decides nothing that matters here.
    /// </summary>
    internal virtual bool TakesUnread(CatalogItem item) => false;

    /// <summary>Asks it to tell of updates of a resource, or not to any more. Returns at once.</summary>
    internal virtual void Watch(string uri, bool wanted)
    {
    }

    /// <summary>Ends when it has been told of all resources that are to be watched, as far as it is up, or patience has run out. Never fails.</summary>
    internal virtual ValueTask WatchingAsync(CancellationToken cancellationToken) => default;

    /// <summary>Takes note of the least severe log messages that a client of the session era wants. Returns at once.</summary>
    internal virtual void WantLog(McpLogLevel level)
    {
    }

    /// <summary>Answers a request that is about something it offers; the reply is complete in <paramref name="exchange"/> when the task ends.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="target">What it is about, and where in the request that is said.</param>
    internal ValueTask ForwardAsync(McpExchange exchange, ForwardTarget target)
    {
        var started = _time.GetTimestamp();
        var meter = MeterOf(exchange.Method);
        if (_isDrained)
        {
            UnreadCall.Identify(exchange);
            exchange.Fail(ErrorCodes.Draining, $"The server \"{Name}\" was taken out of service by its operator; the call was not sent. Retry later", "{\"retryable\":true}"u8);
            meter.Record(RequestOutcome.Unavailable, _time.GetElapsedTime(started));
            return default;
        }

        if (Interlocked.Increment(ref _inFlight) > _maxConcurrentCalls)
        {
            UnreadCall.Identify(exchange);
            exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: {_maxConcurrentCalls} calls to \"{Name}\" are in flight; retry when some have ended", "{\"retryable\":true}"u8);
            Finish(meter, RequestOutcome.Overloaded, started);
            return default;
        }

        return FinishAsync(exchange, target, meter, started);
    }

    /// <summary>Answers a request for the upstream that this one is a member of, which counts it.</summary>
    internal ValueTask<RequestOutcome> AnswerForAsync(McpExchange exchange, ForwardTarget target) => AnswerAsync(exchange, target);

    /// <summary>Answers the request; never throws.</summary>
    private protected abstract ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, ForwardTarget target);

    private protected void SetOffer(UpstreamOffer offer, RegistryChange told = RegistryChange.None)
    {
        _offer = offer;
        HasGathered = true;
        OfferChanged?.Invoke(told);
    }

    /// <summary>Offers what a copy says, until the server itself has been asked.</summary>
    private protected void SetCopy(UpstreamOffer offer)
    {
        if (!HasGathered)
        {
            _offer = offer;
            OfferChanged?.Invoke(RegistryChange.None);
        }
    }

    private protected void NoteUpdated(string uri) => ResourceUpdated?.Invoke(uri);

    private protected void NoteListChanged(OfferKind kind) => ListChanged?.Invoke(kind);

    private protected void NoteConnections() => ConnectionsChanged?.Invoke();

    private protected void NoteError(string text) => _lastError = new ErrorNote(text, _time.GetTimestamp());

    private protected void CountRestart() => Interlocked.Increment(ref _restarts);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(McpExchange exchange, ForwardTarget target, RequestMeter meter, long started)
    {
        var outcome = RequestOutcome.Error;
        GatewayTelemetry.NoteUpstream(Name);
        try
        {
            outcome = await AnswerAsync(exchange, target).ConfigureAwait(false);
            exchange.IsToolError = outcome == RequestOutcome.ToolError;
        }
        finally
        {
            Finish(meter, outcome, started);
        }
    }

    private RequestMeter MeterOf(McpMethod method) => method switch
    {
        McpMethod.ToolsCall => _calls,
        McpMethod.PromptsGet => _prompts,
        McpMethod.ResourcesRead => _reads,
        _ => _completions,
    };

    private void Finish(RequestMeter meter, RequestOutcome outcome, long started)
    {
        Interlocked.Decrement(ref _inFlight);
        meter.Record(outcome, _time.GetElapsedTime(started));
    }

    private sealed record ErrorNote(string Text, long At);
}
