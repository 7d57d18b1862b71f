using System.Runtime.CompilerServices;
using Peregrine.Client.Batching;
using Peregrine.Client.Caching;
using Peregrine.Client.Calling;
using Peregrine.Client.Connecting;
using Peregrine.Client.Pipeline;
using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;
using Peregrine.Transport.Processes;

namespace Peregrine.Client;

/// <summary>
/// A client of one MCP server, of either era. Thread-safe: any number of calls may run at once. What is sent twice: <see cref="ReliabilityOptions"/>. What it throws: <see cref="McpPeerException"/> where
/// the server answered with an error, <see cref="McpTransportException"/> where nobody answered, <see cref="OperationCanceledException"/> where the caller gave up.
/// </summary>
public sealed class PeregrineClient : IAsyncDisposable
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();
    private static readonly byte[] End = "}"u8.ToArray();

    private readonly ClientLink _link;
    private readonly RequestPipeline _pipeline;
    private readonly PeregrineClientOptions _options;
    private readonly CallHead _heads = new();
    private readonly BatchGates _gates;

    internal PeregrineClient(ClientLink link, PeregrineClientOptions options, RequestPipeline? pipeline = null)
    {
        _link = link;
        _options = options;
        _gates = new BatchGates(options.TimeProvider);
        _pipeline = pipeline ?? PipelineComposition.Compose(options, link);
    }

    /// <summary>The revision agreed on.</summary>
    public ProtocolVersion ProtocolVersion => _link.Current.Agreement.Version;

    /// <summary>The era of <see cref="ProtocolVersion"/>. Remember it for <see cref="PeregrineClientOptions.Era"/> to connect without a probe next time.</summary>
    public ProtocolEra Era => _link.Current.Agreement.Version.Era();

    /// <summary>Who the server says it is; null where it does not say.</summary>
    public ServerInfo? ServerInfo => _link.Current.Agreement.Server;

    /// <summary>How the server says it wants to be used, where it does.</summary>
    public string? Instructions => _link.Current.Agreement.Instructions;

    /// <summary>What the server offers: a raw JSON object; empty where it does not say.</summary>
    public ReadOnlyMemory<byte> ServerCapabilities => _link.Current.Agreement.Capabilities;

    /// <summary>
    /// The connection beneath, for sending what this class has no method for. The client disposes it. After a loss there is another one
    /// (<see cref="PeregrineClientOptions.Reconnect"/>): do not keep it.
    /// </summary>
    public McpConnection Connection => _link.Current.Connection;

    /// <summary>What requests go through.</summary>
    internal RequestPipeline Pipeline => _pipeline;

    /// <summary>What it holds of its server.</summary>
    internal ClientLink Link => _link;

    /// <summary>What the response cache has done so far; all zero where there is none.</summary>
    public ResponseCacheStatistics CacheStatistics => _options.SharedCache?.Statistics ?? default;

    /// <summary>Connects to a server over Streamable HTTP.</summary>
    /// <param name="endpoint">The MCP endpoint: an absolute http or https URL.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="PeregrineException">The server cannot be reached or speaks no revision known here.</exception>
    public static ValueTask<PeregrineClient> ConnectAsync(Uri endpoint, PeregrineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options = Checked(options);
        var http = new HttpConnectionOptions
        {
            Endpoint = endpoint,
            Headers = options.Headers,
            MaxMessageLength = options.MaxMessageLength,
            TimeProvider = options.TimeProvider,
            Scheduler = options.Scheduler,
            Logger = options.Logger,
        };
        return ConnectCoreAsync(new HttpSource(http), options, cancellationToken);
    }

    /// <summary>Starts a server as a child process and connects to it over its standard streams. Disposing the client ends it, and all it started.</summary>
    /// <param name="command">The program: a path, or a name that is looked for in PATH. Never a shell line.</param>
    /// <param name="arguments">Its arguments, each passed as it is.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>A server of the session era that exits or hangs when it is asked which era it speaks is started a second time and not asked.</remarks>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="PeregrineException">The server cannot be started or speaks no revision known here.</exception>
    public static ValueTask<PeregrineClient> ConnectStdioAsync(
        string command, IReadOnlyList<string>? arguments = null, PeregrineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        options = Checked(options);
        var process = new ProcessConnectionOptions
        {
            Command = command,
            Arguments = arguments ?? [],
            Environment = options.Environment,
            WorkingDirectory = options.WorkingDirectory,
            OnErrorLine = options.OnErrorLine,
            Connection = new DuplexConnectionOptions
            {
                MaxMessageLength = options.MaxMessageLength,
                TimeProvider = options.TimeProvider,
                Scheduler = options.Scheduler,
                Logger = options.Logger,
            },
        };
        var key = string.Join('\0', (IEnumerable<string>)[command, .. arguments ?? []]);
        return ConnectCoreAsync(new ConnectionSource(key, canReopen: true, _ => new(ProcessConnection.Start(process))), options, cancellationToken);
    }

    /// <summary>Opens the conversation on a connection that exists already. The client owns the connection, also where this fails.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Settings; null for the defaults. Those of HTTP and of child processes have no effect.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="PeregrineException">The server does not answer or speaks no revision known here.</exception>
    public static ValueTask<PeregrineClient> ConnectAsync(
        McpConnection connection, PeregrineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ConnectCoreAsync(new ConnectionSource(null, canReopen: false, _ => new(connection)), Checked(options), cancellationToken);
    }

    /// <summary>All tools the server offers, all pages of them, in the server's order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IReadOnlyList<RemoteTool>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        List<RemoteTool> tools = [];
        byte[] cursor = [];
        for (var page = 0; page < _options.MaxListPages; page++)
        {
            using var reply = await SendListAsync(cursor, cancellationToken).ConfigureAwait(false);
            reply.ThrowIfError();
            var next = ToolListPage.Read(reply.Result.Span, tools);
            if (next.Length == 0)
            {
                return tools;
            }

            if (next.AsSpan().SequenceEqual(cursor))
            {
                throw InvalidReply("names the same page as the next one again and again");
            }

            cursor = next;
        }

        throw InvalidReply($"has more than {_options.MaxListPages} pages of tools (MaxListPages)");
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments: a raw JSON object; empty for none. Unchanged until the task ends.</param>
    /// <param name="progress">Takes progress reports, on the connection's reader: return soon. Null asks the server for none.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>What the tool answered, also where it failed (<see cref="ToolResult.IsError"/>); dispose it.</returns>
    /// <exception cref="ArgumentException"><paramref name="arguments"/> is no JSON object.</exception>
    /// <exception cref="McpPeerException">The server refused the call, for instance because it has no such tool.</exception>
    /// <exception cref="McpTransportException">No reply; <see cref="McpTransportException.MayHaveRun"/> tells whether the call may have run.</exception>
    public ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments = default, IProgress<CallProgress>? progress = null, CancellationToken cancellationToken = default) =>
        CallToolCoreAsync(name, arguments, options: null, progress, cancellationToken);

    /// <summary>Calls a tool, with settings of the call's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments: a raw JSON object; empty for none. Unchanged until the task ends.</param>
    /// <param name="options">What this call wants different.</param>
    /// <param name="progress">Takes progress reports, on the connection's reader: return soon. Null for none.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>What the tool answered, also where it failed (<see cref="ToolResult.IsError"/>); dispose it.</returns>
    /// <exception cref="ArgumentException"><paramref name="arguments"/> is no JSON object, or the options are not valid.</exception>
    /// <exception cref="McpPeerException">The server refused the call, for instance because it has no such tool.</exception>
    /// <exception cref="McpTransportException">No reply; <see cref="McpTransportException.MayHaveRun"/> tells whether the call may have run.</exception>
    /// <exception cref="CallNotSentException">The client refused it: bulkhead or breaker.</exception>
    public ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments, CallOptions options, IProgress<CallProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return CallToolCoreAsync(name, arguments, options, progress, cancellationToken);
    }

    /// <summary>Makes many calls, as many at once as the server bears: found by itself where <see cref="BatchOptions.Concurrency"/> does not say.</summary>
    /// <param name="calls">The calls; not to be changed before the task ends.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives all of them up.</param>
    /// <returns>How each ended, in the order of <paramref name="calls"/>, whatever became of the others; dispose it.</returns>
    /// <exception cref="ArgumentException">The options, or those of a call, are not valid. Nothing was sent.</exception>
    public ValueTask<ToolCallResults> CallToolsAsync(IReadOnlyList<ToolCall> calls, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        options ??= new BatchOptions();
        options.Validate();
        return new BatchRun(
            calls,
            options,
            _gates,
            _options.TimeProvider,
            (call, settings, token) => CallToolCoreAsync(call.Name, call.Arguments, settings, progress: null, token)).RunAsync(cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ToolResult> CallToolCoreAsync(
        string name, ReadOnlyMemory<byte> arguments, CallOptions? options, IProgress<CallProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!arguments.IsEmpty && !PeregrineClientOptions.IsJsonObject(arguments.Span))
        {
            throw new ArgumentException("The arguments of a tool are one JSON object.", nameof(arguments));
        }

        var request = new ClientRequest(McpMethod.ToolsCall, RequestSafety.Unknown)
        {
            Name = name,
            Head = _heads.For(name),
            Arguments = arguments.IsEmpty ? NoArguments : arguments,
            Tail = End,
            Timeout = options?.Timeout ?? _options.RequestTimeout,
            Meta = options?.MetaMembers ?? default,
            Options = options,
            OnProgress = progress is null ? null : Report(progress),
        };
        var reply = await _pipeline.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.IsError)
        {
            throw Refused(reply, request);
        }

        var result = new ToolResult(reply, request.State as CallRecord);
        if (result.ResultType is "complete" or "input_required")
        {
            return result;
        }

        result.Dispose();
        throw InvalidReply("answered with a type of result that this client does not know");
    }

    /// <summary>Sends any request, with what every request of the era carries.</summary>
    /// <param name="method">The method's name, UTF-8.</param>
    /// <param name="parameters"><c>params</c>: a raw JSON object without <c>_meta</c>; empty for none. Copied before the method returns.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>The reply, also where it is an error; dispose it.</returns>
    public ValueTask<McpReply> SendRequestAsync(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, CancellationToken cancellationToken = default) =>
        _pipeline.SendAsync(
            new ClientRequest(McpMethods.Parse(method), SafetyOf(McpMethods.Parse(method)))
            {
                OtherMethod = McpMethods.Parse(method) == McpMethod.Unknown ? method.ToArray() : default,
                Head = parameters.ToArray(),
                Timeout = _options.RequestTimeout,
            },
            cancellationToken);

    /// <summary>Asks the server for a sign of life: <c>ping</c> in the session era, <c>server/discover</c> in the stateless era, which has no ping.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask PingAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await SendRequestAsync(
            Era == ProtocolEra.Session ? "ping"u8 : "server/discover"u8, default, cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
    }

    /// <summary>Closes the connection; calls in flight fail. More than once does nothing.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private static NotificationCallback Report(IProgress<CallProgress> progress) =>
        (in IncomingNotification notification) => progress.Report(CallProgress.Read(notification.Parameters));

    private static McpPeerException Refused(McpReply reply, ClientRequest request)
    {
        var exception = McpPeerException.FromError(reply.Error.Span);
        reply.Dispose();
        OutcomeReport.Attach(exception, request);
        return exception;
    }

    private static PeregrineClientOptions Checked(PeregrineClientOptions? options)
    {
        options ??= new PeregrineClientOptions();
        options.Validate();
        return CacheSetup.Apply(options);
    }

    private static async ValueTask<PeregrineClient> ConnectCoreAsync(ConnectionSource source, PeregrineClientOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new PeregrineClient(await ClientLink.OpenAsync(source, options, cancellationToken).ConfigureAwait(false), options);
    }

    private ValueTask<McpReply> SendListAsync(byte[] cursor, CancellationToken cancellationToken) => cursor.Length == 0
        ? SendRequestAsync("tools/list"u8, default, cancellationToken)
        : SendRequestAsync("tools/list"u8, [.. "{\"cursor\":"u8, .. cursor, (byte)'}'], cancellationToken);

    private static RequestSafety SafetyOf(McpMethod method) => method switch
    {
        McpMethod.Ping or McpMethod.ServerDiscover or McpMethod.ToolsList or McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList or McpMethod.ResourcesRead
            or McpMethod.PromptsList or McpMethod.PromptsGet or McpMethod.CompletionComplete => RequestSafety.ReadOnly,
        McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe or McpMethod.LoggingSetLevel => RequestSafety.Idempotent,
        _ => RequestSafety.Unknown,
    };

    private McpTransportException InvalidReply(string why) => new(TransportFault.InvalidReply, $"{Connection.Peer} {why}.", mayHaveRun: true);
}
