using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Switches;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Caching;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Policies;

/// <summary>Answers calls of a tool that only reads, and reads of resources, from what is kept, or has one call at the server answer all that ask the same. Thread-safe.</summary>
internal sealed class SharedCalls
{
    private readonly RoutePolicy _route;
    private readonly string _server;
    private readonly string? _label;
    private readonly string[] _tags;
    private readonly ResultCacheOptions _options;
    private readonly RuntimeSwitch? _cache;
    private readonly RuntimeSwitch? _coalescing;
    private readonly CacheGroup _kept;
    private readonly CacheGroup _joined;
    private readonly ResultCache _store;

    /// <summary>Makes it for a route.</summary>
    /// <param name="route">What is done where there is nothing to share.</param>
    /// <param name="item">The tool; null for resources.</param>
    /// <param name="server">Its server.</param>
    /// <param name="options">How results are kept; null where they are not.</param>
    /// <param name="parts">What policies run on.</param>
    /// <param name="cache">The switch of keeping; null where that is not asked for.</param>
    /// <param name="coalescing">The switch of joining equal calls; null where that is not asked for.</param>
    /// <param name="scope">What asks for keeping.</param>
    internal SharedCalls(RoutePolicy route, CatalogItem? item, string server, ResultCacheOptions? options, PolicyParts parts, RuntimeSwitch? cache, RuntimeSwitch? coalescing, string scope)
    {
        (_route, _server, _cache, _coalescing) = (route, server, cache, coalescing);
        _label = item?.FullName;
        _options = options ?? new ResultCacheOptions();
        _store = parts.Cache;
        _tags = [CacheNames.OfServer(server), CacheNames.OfList(server, item is null ? OfferKind.Resource : OfferKind.Tool), .. _options.Tags];
        var name = item?.FullName ?? server;

        // Where only the server says how long, each result has its own time, and this one is never used.
        var life = _options.TimeToLive > TimeSpan.Zero ? _options.TimeToLive : TimeSpan.FromDays(31);

        // As long as the tool is described as it was, results made before the catalog was merged anew are found again.
        _kept = parts.Get($"{scope} {server} {name}", (_options, item?.Item), () => new CacheGroup(name, life, _options.StaleIfError));
        _joined = new CacheGroup(name, TimeSpan.FromTicks(1));
    }

    /// <summary>Answers the call.</summary>
    internal ValueTask RunAsync(McpExchange exchange, Upstream upstream, ForwardTarget target)
    {
        // One that brings answers to a question, or a key, is a call of its own.
        if (TransactionReader.IsPresent(exchange) || RoundReader.Read(exchange) != 0)
        {
            return _route.ExecuteAsync(exchange, upstream, target);
        }

        var keeps = _cache is not null && _cache.Decide();
        var joins = _coalescing is not null && _coalescing.Decide();
        if ((!keeps && !joins) || !_store.TryUse(CacheBypass.IsWanted(exchange)))
        {
            return _route.ExecuteAsync(exchange, upstream, target);
        }

        var (label, tags) = NamesOf(exchange);
        var lookup = _store.Look(KeyOf(exchange, keeps ? _kept : _joined), tags, label);
        switch (lookup.Answer)
        {
            case CacheAnswer.Hit:
                CachedReply.Answer(exchange, lookup.Result, lookup.Left, ScopeFor(exchange));
                return default;
            case CacheAnswer.Lead:
                return LeadAsync(exchange, upstream, target, lookup.Fill!, keeps);
            case CacheAnswer.Follow when !joins:
                lookup.Fill!.Leave();
                return _route.ExecuteAsync(exchange, upstream, target);
            default:
                return AwaitAsync(exchange, upstream, target, lookup.Fill!, run: null);
        }
    }

    private (string Label, string[] Tags) NamesOf(McpExchange exchange)
    {
        if (_label is not null)
        {
            return (_label, _tags);
        }

        _ = JsonText.TryGetString(exchange.Envelope.Uri.Of(exchange.Body.Span), out var uri);
        return (uri ?? "", [.. _tags, CacheNames.OfResource(_server, uri ?? "")]);
    }

    // By the group alone a tool is told from others; a resource is told by its URI. What the era of the caller adds to a reply makes two forms of it.
    private CacheKey KeyOf(McpExchange exchange, CacheGroup group)
    {
        var body = exchange.Body.Span;
        var hash = _label is null ? HashUri(exchange.Envelope.Uri.Of(body)) : ArgumentHash.Of(exchange.Envelope.Arguments.Of(body));
        return new CacheKey(group, hash, _options.Scope == McpCacheScope.Public ? null : exchange.Principal, (int)exchange.Era);
    }

    private static ArgumentHash HashUri(ReadOnlySpan<byte> uri) => CanonicalJson.Hash(uri);

    // The call belongs to all who ask, so it goes on where the first of them goes away, and its server can ask nobody anything.
    private ValueTask LeadAsync(McpExchange exchange, Upstream upstream, ForwardTarget target, CacheFill fill, bool keeps)
    {
        var run = DetachedExchange.Of(exchange, canStream: false);
        run.Session = null;
        var generation = run.Generation;
        fill.OnAbandoned(() => run.CancelIf(generation));
        _ = MakeAsync(run, upstream, target, fill, keeps);
        return AwaitAsync(exchange, upstream, target, fill, run);
    }

    private async Task MakeAsync(DetachedExchange run, Upstream upstream, ForwardTarget target, CacheFill fill, bool keeps)
    {
        byte[]? result = null;
        var (code, life) = (ErrorCodes.InternalError, TimeSpan.Zero);
        try
        {
            await _route.ExecuteAsync(run, upstream, target).ConfigureAwait(false);
            result = Take(run, out code, out var hints);

            // What a server of the session era is said to allow was written by the gateway, which knows no better.
            hints = upstream.Version.Era() == ProtocolEra.Stateless ? hints : default;
            life = LifeOf(hints);
            if (hints.Scope == McpCacheScope.Private && _options.Scope == McpCacheScope.Public)
            {
                result = null;
            }
        }
        finally
        {
            // Whatever happened: somebody may wait. Where the reply is for the first caller alone, that one takes the exchange over.
            var isShared = result is not null;
            if (isShared)
            {
                run.Return();
            }

            _store.Complete(fill, result, isShared && code == 0 && keeps, code, life);
        }
    }

    // Null where the reply is for this caller alone: its server asks something of its user.
    private static byte[]? Take(McpExchange finished, out int code, out ResultHints hints)
    {
        (code, hints) = (finished.ErrorCode, default);
        if (!CachedReply.TryFindShared(finished, out var shared))
        {
            return null;
        }

        if (code != 0)
        {
            return shared.ToArray();
        }

        var facts = ResultFacts.Read(shared);
        code = facts.IsToolError ? CachedReply.ToolError : 0;
        return facts.IsInputRequired ? null : finished.Method == McpMethod.ResourcesRead ? ResultHints.Take(shared, out hints) : shared.ToArray();
    }

    // Of a tool's result the server has said nothing that would have to be said anew.
    private McpCacheScope? ScopeFor(McpExchange exchange) => exchange.Method == McpMethod.ResourcesRead ? _options.Scope : null;

    private TimeSpan LifeOf(in ResultHints hints) => hints.TimeToLive is not { } said ? _options.TimeToLive
        : _options.TimeToLive == TimeSpan.Zero || said < _options.TimeToLive ? said
        : _options.TimeToLive;

    private async ValueTask AwaitAsync(McpExchange exchange, Upstream upstream, ForwardTarget target, CacheFill fill, DetachedExchange? run)
    {
        FillOutcome outcome;
        try
        {
            outcome = await fill.Outcome.WaitAsync(exchange.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            fill.Leave();
            exchange.Fail(ErrorCodes.InternalError, "The call was cancelled");
            if (run is not null)
            {
                _ = ReturnUnsharedAsync(fill, run);
            }

            return;
        }

        if (outcome.Result is not null)
        {
            CachedReply.Answer(exchange, outcome, outcome.IsStored ? outcome.Left : TimeSpan.Zero, ScopeFor(exchange));
        }
        else if (run is null)
        {
            await _route.ExecuteAsync(exchange, upstream, target).ConfigureAwait(false);
        }
        else
        {
            exchange.TakeReply(run);
            run.Return();
        }
    }

    // What was made for the first caller alone belongs to nobody where that one has gone.
    private static async Task ReturnUnsharedAsync(CacheFill fill, DetachedExchange run)
    {
        var outcome = await fill.Outcome.ConfigureAwait(false);
        if (outcome.Result is null)
        {
            run.Return();
        }
    }
}
