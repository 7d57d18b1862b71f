using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Peregrine.Gateway.Catalog;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Upstreams;

/// <summary>An MCP server behind the gateway: its state, its tools and its counters. Thread-safe.</summary>
internal abstract class Upstream : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly RequestMeter _calls;
    private readonly int _maxConcurrentCalls;
    private int _inFlight;
    private int _restarts;
    private volatile ErrorNote? _lastError;

    // Boxed by the array type: an immutable array is one reference, and replaced as a whole.
    private ImmutableArray<UpstreamTool> _tools = [];

    private protected Upstream(string name, string prefix, int maxConcurrentCalls, RequestMetrics metrics, TimeProvider time)
    {
        Name = name;
        Prefix = prefix;
        _maxConcurrentCalls = maxConcurrentCalls;
        _time = time;
        _calls = metrics.Meter(name, "tools/call");
    }

    /// <summary>Fires when <see cref="Tools"/> has changed.</summary>
    internal event Action? ToolsChanged;

    internal string Name { get; }

    internal string Prefix { get; }

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

    /// <summary>The last lines of its standard error, oldest first; empty where it has none.</summary>
    internal virtual ImmutableArray<string> StandardError => [];

    /// <summary>The process's id; null where it is no child process or not running.</summary>
    internal virtual int? ProcessId => null;

    /// <summary>Its tools at last sight; kept while it is away, for calls wait for it.</summary>
    internal ImmutableArray<UpstreamTool> Tools => _tools;

    /// <summary>True once its tools are known.</summary>
    internal bool HasGathered { get; private set; }

    /// <summary>Ends when the first attempt to connect has succeeded or failed. Never fails.</summary>
    internal abstract Task FirstAttempt { get; }

    /// <summary>Begins to connect; returns at once.</summary>
    internal abstract void Start();

    /// <summary>Ends it: closes the connection, ends the process.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Answers a <c>tools/call</c>; the reply is complete in <paramref name="exchange"/> when the task ends.</summary>
    internal ValueTask CallAsync(McpExchange exchange, CatalogTool tool)
    {
        var started = _time.GetTimestamp();
        if (Interlocked.Increment(ref _inFlight) > _maxConcurrentCalls)
        {
            exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: {_maxConcurrentCalls} calls to \"{Name}\" are in flight; retry when some have ended", "{\"retryable\":true}"u8);
            Finish(RequestOutcome.Overloaded, started);
            return default;
        }

        return FinishAsync(exchange, tool, started);
    }

    /// <summary>Answers the call; never throws.</summary>
    private protected abstract ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, CatalogTool tool);

    private protected void SetTools(ImmutableArray<UpstreamTool> tools)
    {
        _tools = tools;
        HasGathered = true;
        ToolsChanged?.Invoke();
    }

    private protected void NoteError(string text) => _lastError = new ErrorNote(text, _time.GetTimestamp());

    private protected void CountRestart() => Interlocked.Increment(ref _restarts);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(McpExchange exchange, CatalogTool tool, long started)
    {
        var outcome = RequestOutcome.Error;
        try
        {
            outcome = await AnswerAsync(exchange, tool).ConfigureAwait(false);
        }
        finally
        {
            Finish(outcome, started);
        }
    }

    private void Finish(RequestOutcome outcome, long started)
    {
        Interlocked.Decrement(ref _inFlight);
        _calls.Record(outcome, _time.GetElapsedTime(started));
    }

    private sealed record ErrorNote(string Text, long At);
}
