using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Observability.Metrics;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Completion;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Features;
using Peregrine.Server.Filters;
using Peregrine.Server.Fronts;
using Peregrine.Server.Injection;
using Peregrine.Server.Interaction.State;
using Peregrine.Server.Once;
using Peregrine.Server.Prompts;
using Peregrine.Server.Registry;
using Peregrine.Server.Resources;
using Peregrine.Server.Telemetry;
using Peregrine.Server.Tools;
using Peregrine.Server.Validation;

namespace Peregrine.Server;

/// <summary>
/// An MCP server: a registry and the dispatch of messages to it. One instance serves all connections of all fronts at once; nothing is built per request.
/// Thread-safe.
/// </summary>
public sealed partial class PeregrineServer : IReadyResponder, ISessionResponder, IObservedResponder
{
    private static readonly byte[] EmptyResult = "{}"u8.ToArray();

    private readonly byte[][] _initializeResults;
    private readonly byte[] _discoverResult;
    private readonly ToolsFeature _tools;
    private readonly ToolInvoker _invoker;
    private readonly FeatureTable _features;
    private readonly ServerTelemetry _telemetry;
    private readonly byte[] _resultSuffix;

    internal PeregrineServer(ServerIdentity identity, PeregrineServerOptions options, RegistryContents contents, IWorkScheduler scheduler,
        ILoggerFactory? loggers, ServerServices services, ToolFilter[] filters, ICallLedger? ledger)
    {
        Ledger = ledger ?? new MemoryCallLedger(options.Once.Memory, options.TimeProvider, scheduler);
        Identity = identity;
        Options = options;
        Injection = services;
        Scheduler = scheduler;
        Loggers = loggers ?? NullLoggerFactory.Instance;
        _telemetry = new ServerTelemetry(TelemetrySource.Server, options.TimeProvider, CreateInstruments());
        if (services.Provider is not null)
        {
            // Within a host somebody is likely to listen, and its start takes far longer than this.
            TelemetrySource.Server.Prepare();
        }

        StateSealer = new RequestStateSealer(options.Interaction.State, options.TimeProvider);
        var invoker = new ToolInvoker(this, scheduler);
        _invoker = invoker;
        Validation = new McpValidation(this, invoker, scheduler);
        Registry = new ServerRegistry(contents, identity, options, new CallPipeline(invoker, CreateSteps(new FilterSource(this, invoker, filters))));
        invoker.UseGate(_scheduling);
        _resultSuffix = identity.ResultSuffix.ToArray();
        _tools = new ToolsFeature(Registry, invoker, Validation);
        Tools = new ToolCollection(Registry, options.MaxTools, options.TimeProvider);
        IServerFeature[] features = [.. FeaturesFor(contents, invoker), new LoggingFeature(), new OnceFeature(options.Once, Ledger), new ExtensionsFeature(options.Extensions)];
        (_hub, _gatherer, _subscriptions) = CreateEvents(features);
        _features = new FeatureTable([.. features, _subscriptions]);
        _discoverResult = identity.DiscoverResult(_features.Capabilities(ProtocolVersions.Latest), options.ListTimeToLive);
        _initializeResults = new byte[(int)ProtocolVersions.LatestOfSessionEra + 1][];
        for (var version = ProtocolVersion.V2024_11_05; version <= ProtocolVersions.LatestOfSessionEra; version++)
        {
            _initializeResults[(int)version] = identity.InitializeResult(version, _features.Capabilities(version));
        }
    }

    /// <summary>The server's name and version.</summary>
    public ServerIdentity Identity { get; }

    /// <summary>How the server behaves.</summary>
    public PeregrineServerOptions Options { get; }

    /// <summary>The tools, in the order in which <c>tools/list</c> gives them; to be added and removed while the server runs.</summary>
    public ToolCollection Tools { get; }

    /// <summary>
    /// The server's own counters and latencies, by method and outcome. Nothing is counted until this is first read; mapping <c>/metrics</c> does so.
    /// </summary>
    public RequestMetrics Metrics => _telemetry.Metrics;

    /// <summary>How arguments and results are held against the schemas of the tools; may be switched while the server runs.</summary>
    public McpValidation Validation { get; }

    internal ServerRegistry Registry { get; }

    internal RequestStateSealer StateSealer { get; }

    internal ServerServices Injection { get; }

    internal IWorkScheduler Scheduler { get; }

    internal ILoggerFactory Loggers { get; }

    internal ReadOnlySpan<byte> StatelessResultSuffix => _resultSuffix;

    /// <summary>Begins to describe a server.</summary>
    /// <param name="name">The server's name, for programs.</param>
    /// <param name="version">The server's version.</param>
    public static PeregrineServerBuilder CreateBuilder(string name, string version) => new(name, version);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!exchange.IsRequest)
        {
            TakeNote(exchange);
            exchange.Session?.TakeNotification(exchange.Method);
            return default;
        }

        return _telemetry.IsOn ? _telemetry.ObserveAsync(this, exchange) : RespondUnobserved(exchange);
    }

    /// <inheritdoc/>
    IThreadPoolWorkItem? IReadyResponder.Unreported => _telemetry.HasUnreported ? _telemetry : null;

    /// <inheritdoc/>
    bool IReadyResponder.TryRespondReady(McpExchange exchange) => exchange.Method switch
    {
        McpMethod.Initialize => _telemetry.TryReturn(exchange, _initializeResults[(int)exchange.Version]),
        McpMethod.ServerDiscover => _telemetry.TryReturn(exchange, _discoverResult),
        _ => false,
    };

    /// <inheritdoc/>
    ValueTask IObservedResponder.RespondUnobserved(McpExchange exchange) => RespondUnobserved(exchange);

    private ValueTask RespondUnobserved(McpExchange exchange)
    {
        switch (exchange.Method)
        {
            case McpMethod.ToolsCall:
                exchange.UseMemory(Memory);

                // Ahead of the table: this is the call whose cost everybody pays.
                return _tools.Call(exchange);
            case McpMethod.Ping:
                exchange.ReturnShared(EmptyResult);
                return default;
            case McpMethod.Initialize:
                exchange.ReturnShared(_initializeResults[(int)exchange.Version]);
                return default;
            case McpMethod.ServerDiscover:
                exchange.ReturnShared(_discoverResult);
                return default;
            default:
                return RespondByFeature(exchange);
        }
    }

    // A server says that it has prompts, resources and completions only where it has some: for the others these methods do not exist.
    private List<IServerFeature> FeaturesFor(RegistryContents contents, ToolInvoker invoker)
    {
        List<IServerFeature> features = [_tools];
        if (!contents.Prompts.IsEmpty)
        {
            features.Add(new PromptsFeature(Registry, invoker));
        }

        if (!contents.Resources.IsEmpty || !contents.ResourceTemplates.IsEmpty)
        {
            features.Add(new ResourcesFeature(this, invoker));
        }

        if (!contents.Completers.IsEmpty)
        {
            features.Add(new CompletionFeature(this, invoker));
        }

        return features;
    }

    private ValueTask RespondByFeature(McpExchange exchange)
    {
        if (_features.Find(exchange.Method) is { } feature)
        {
            exchange.UseMemory(Memory);
            return feature.RespondAsync(exchange);
        }

        EraRules.FailMethod(exchange);
        return default;
    }
}
