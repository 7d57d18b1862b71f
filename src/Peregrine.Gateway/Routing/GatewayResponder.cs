using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Routing;

/// <summary>
/// Answers clients of the gateway: what is about the gateway itself at once, lists from the catalog, calls through the upstream that has the tool. Thread-safe.
/// </summary>
internal sealed class GatewayResponder : IMcpResponder
{
    // How long the first lists and calls wait for upstreams that are still starting; one that takes longer is listed when it is up.
    private static readonly TimeSpan GatherPatience = TimeSpan.FromSeconds(5);

    private static ReadOnlySpan<byte> Capabilities => "{\"tools\":{}}"u8;

    private readonly ToolCatalog _catalog;
    private readonly ImmutableArray<Upstream> _upstreams;
    private readonly TimeProvider _time;
    private readonly RequestMeter _lists;
    private readonly RequestMeter _unknown;
    private readonly byte[][] _initializeResults;
    private readonly byte[] _discoverResult;
    private readonly int _maxConcurrentCalls;
    private Task? _gathering;
    private int _inFlight;
    private volatile bool _draining;

    internal GatewayResponder(ToolCatalog catalog, ImmutableArray<Upstream> upstreams, ServerIdentity identity, TimeSpan timeToLive, int maxConcurrentCalls, GatewayParts parts)
    {
        _catalog = catalog;
        _upstreams = upstreams;
        _time = parts.Time;
        _maxConcurrentCalls = maxConcurrentCalls;
        _lists = parts.Metrics.Meter("gateway", "tools/list");
        _unknown = parts.Metrics.Meter("gateway", "tools/call");
        _discoverResult = identity.DiscoverResult(Capabilities, timeToLive);
        _initializeResults = new byte[(int)ProtocolVersions.LatestOfSessionEra + 1][];
        for (var version = ProtocolVersion.V2024_11_05; version <= ProtocolVersions.LatestOfSessionEra; version++)
        {
            _initializeResults[(int)version] = identity.InitializeResult(version, Capabilities);
        }
    }

    /// <summary>Calls in flight.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>True once every upstream's tools are known, or it failed once, or patience ran out.</summary>
    internal bool HasGathered => _gathering is { IsCompleted: true };

    /// <summary>Begins to wait for the upstreams' first answers.</summary>
    internal void BeginGathering() => _gathering = GatherAsync();

    /// <summary>Refuses calls from now on.</summary>
    internal void Drain() => _draining = true;

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!exchange.IsRequest)
        {
            return default;
        }

        switch (exchange.Method)
        {
            case McpMethod.ToolsCall:
                return HasGathered || IsCertain(exchange) ? CallTool(exchange) : GatherThenAsync(exchange);
            case McpMethod.ToolsList when !HasGathered:
                return GatherThenAsync(exchange);
            case McpMethod.ToolsList:
                ListTools(exchange);
                return default;
            case McpMethod.Ping:
                WriteResult(exchange, "{}"u8);
                return default;
            case McpMethod.Initialize:
                WriteResult(exchange, _initializeResults[(int)exchange.Version]);
                return default;
            case McpMethod.ServerDiscover:
                WriteResult(exchange, _discoverResult);
                return default;
            default:
                EraRules.FailMethod(exchange);
                return default;
        }
    }

    private static void WriteResult(McpExchange exchange, ReadOnlySpan<byte> result)
    {
        exchange.BeginResult().Write(result);
        exchange.EndResult();
    }

    private async Task GatherAsync()
    {
        var attempts = Task.WhenAll(_upstreams.Select(static upstream => upstream.FirstAttempt));
        await attempts.WaitAsync(GatherPatience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask GatherThenAsync(McpExchange exchange)
    {
        if (_gathering is { } gathering)
        {
            await gathering.WaitAsync(exchange.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (exchange.Method == McpMethod.ToolsCall)
        {
            await CallTool(exchange).ConfigureAwait(false);
        }
        else
        {
            ListTools(exchange);
        }
    }

    // True where the tool is known already, and none of the servers that are still starting can offer one of that name that would come before it.
    private bool IsCertain(McpExchange exchange)
    {
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(exchange.Envelope.Name.Of(exchange.Body.Span), buffer, out var name) || _catalog.Current.Table.Find(name) is not { } tool)
        {
            return false;
        }

        foreach (var upstream in _upstreams)
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

    private void ListTools(McpExchange exchange)
    {
        var started = _time.GetTimestamp();
        if (exchange.Envelope.Cursor.IsPresent)
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid cursor: this list has one page; leave the cursor out");
            _lists.Record(RequestOutcome.Invalid, _time.GetElapsedTime(started));
            return;
        }

        var catalog = _catalog.Current;
        WriteResult(exchange, exchange.Era == ProtocolEra.Stateless ? catalog.StatelessList : catalog.SessionList);
        _lists.Record(RequestOutcome.Ok, _time.GetElapsedTime(started));
    }

    private ValueTask CallTool(McpExchange exchange)
    {
        var started = _time.GetTimestamp();
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(envelope.Name.Of(body), buffer, out var name))
        {
            return Refuse(exchange, started, "Invalid params: \"name\" must be the name of a tool");
        }

        if (_catalog.Current.Table.Find(name) is not { } tool)
        {
            _ = JsonText.TryGetString(envelope.Name.Of(body), out var text);
            return Refuse(exchange, started, $"Unknown tool: {EraRules.Shorten(text ?? "")}");
        }

        if (envelope.Arguments.IsPresent && !JsonText.IsObject(envelope.Arguments.Of(body)))
        {
            return Refuse(exchange, started, "Invalid params: \"arguments\" must be an object");
        }

        if (_draining)
        {
            exchange.Fail(ErrorCodes.Draining, "The gateway is shutting down and takes no new calls; retry at another or later", "{\"retryable\":true}"u8);
            _unknown.Record(RequestOutcome.Unavailable, _time.GetElapsedTime(started));
            return default;
        }

        if (Interlocked.Increment(ref _inFlight) <= _maxConcurrentCalls)
        {
            return CallAsync(exchange, tool);
        }

        Interlocked.Decrement(ref _inFlight);
        exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: {_maxConcurrentCalls} calls are in flight; retry when some have ended", "{\"retryable\":true}"u8);
        _unknown.Record(RequestOutcome.Overloaded, _time.GetElapsedTime(started));
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CallAsync(McpExchange exchange, CatalogTool tool)
    {
        try
        {
            await tool.Upstream.CallAsync(exchange, tool).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private ValueTask Refuse(McpExchange exchange, long started, string message)
    {
        exchange.Fail(ErrorCodes.InvalidParams, message);
        _unknown.Record(RequestOutcome.Invalid, _time.GetElapsedTime(started));
        return default;
    }
}
