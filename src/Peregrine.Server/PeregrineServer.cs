using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

/// <summary>
/// An MCP server: a registry and the dispatch of messages to it. One instance serves all connections of all fronts at once; nothing is built per request.
/// Thread-safe.
/// </summary>
public sealed class PeregrineServer : IMcpResponder
{
    private static readonly byte[] EmptyResult = "{}"u8.ToArray();

    private static ReadOnlySpan<byte> Capabilities => "{\"tools\":{}}"u8;

    private readonly byte[][] _initializeResults;
    private readonly byte[] _discoverResult;
    private readonly ToolInvoker _invoker;
    private readonly byte[] _resultSuffix;
    private readonly RegistrySnapshot _registry;

    internal PeregrineServer(ServerIdentity identity, PeregrineServerOptions options, McpToolHandler[] tools, IWorkScheduler scheduler,
        ILoggerFactory? loggers, IServiceProvider? services)
    {
        Identity = identity;
        Options = options;
        Services = services;
        Scheduler = scheduler;
        Loggers = loggers ?? NullLoggerFactory.Instance;
        _registry = new RegistrySnapshot(tools, identity, options.ListTimeToLive);
        _resultSuffix = identity.ResultSuffix.ToArray();
        _invoker = new ToolInvoker(this, scheduler);
        _discoverResult = identity.DiscoverResult(Capabilities, options.ListTimeToLive);
        _initializeResults = new byte[(int)ProtocolVersions.LatestOfSessionEra + 1][];
        for (var version = ProtocolVersion.V2024_11_05; version <= ProtocolVersions.LatestOfSessionEra; version++)
        {
            _initializeResults[(int)version] = identity.InitializeResult(version, Capabilities);
        }
    }

    /// <summary>The server's name and version.</summary>
    public ServerIdentity Identity { get; }

    /// <summary>How the server behaves.</summary>
    public PeregrineServerOptions Options { get; }

    /// <summary>The definitions of the tools, in the order in which <c>tools/list</c> gives them.</summary>
    public IEnumerable<McpToolDefinition> Tools => _registry.Tools.Select(static tool => tool.Definition);

    internal IServiceProvider? Services { get; }

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
            return default;
        }

        switch (exchange.Method)
        {
            case McpMethod.ToolsCall:
                return CallTool(exchange);
            case McpMethod.ToolsList:
                ListTools(exchange);
                return default;
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
                EraRules.FailMethod(exchange);
                return default;
        }
    }

    private void ListTools(McpExchange exchange)
    {
        if (exchange.Envelope.Cursor.IsPresent)
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid cursor: this list has one page; leave the cursor out");
            return;
        }

        var registry = _registry;
        exchange.ReturnShared(exchange.Era == ProtocolEra.Stateless ? registry.StatelessToolsList : registry.SessionToolsList);
    }

    private ValueTask CallTool(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(envelope.Name.Of(body), buffer, out var name))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"name\" must be the name of a tool");
            return default;
        }

        if (_registry.FindTool(name) is not { } tool)
        {
            _ = JsonText.TryGetString(envelope.Name.Of(body), out var text);
            exchange.Fail(ErrorCodes.InvalidParams, $"Unknown tool: {EraRules.Shorten(text ?? "")}");
            return default;
        }

        if (envelope.Arguments.IsPresent && !JsonText.IsObject(envelope.Arguments.Of(body)))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"arguments\" must be an object");
            return default;
        }

        return _invoker.InvokeAsync(tool, exchange);
    }
}
