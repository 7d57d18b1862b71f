using Peregrine.Client.Connecting;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;
using Peregrine.Transport.Processes;

namespace Peregrine.Client;

/// <summary>
/// A client of one MCP server, of either era. Thread-safe: any number of calls may run at once. Nothing is sent twice. What it throws: <see cref="McpPeerException"/> where
/// the server answered with an error, <see cref="McpTransportException"/> where nobody answered, <see cref="OperationCanceledException"/> where the caller gave up.
/// </summary>
public sealed class PeregrineClient : IAsyncDisposable
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();
    private static readonly byte[] End = "}"u8.ToArray();

    private readonly McpConnection _connection;
    private readonly PeregrineClientOptions _options;
    private readonly Agreement _agreement;
    private readonly ReadOnlyMemory<byte> _meta;
    private readonly CallHead _heads = new();

    private PeregrineClient(McpConnection connection, Agreement agreement, ClientIntroduction introduction, PeregrineClientOptions options)
    {
        _connection = connection;
        _agreement = agreement;
        _options = options;
        _meta = agreement.Version.Era() == ProtocolEra.Stateless ? introduction.Meta : default;
    }

    /// <summary>The revision agreed on.</summary>
    public ProtocolVersion ProtocolVersion => _agreement.Version;

    /// <summary>The era of <see cref="ProtocolVersion"/>. Remember it for <see cref="PeregrineClientOptions.Era"/> to connect without a probe next time.</summary>
    public ProtocolEra Era => _agreement.Version.Era();

    /// <summary>Who the server says it is; null where it does not say.</summary>
    public ServerInfo? ServerInfo => _agreement.Server;

    /// <summary>How the server says it wants to be used, where it does.</summary>
    public string? Instructions => _agreement.Instructions;

    /// <summary>What the server offers: a raw JSON object; empty where it does not say.</summary>
    public ReadOnlyMemory<byte> ServerCapabilities => _agreement.Capabilities;

    /// <summary>The connection beneath, for sending what this class has no method for. The client disposes it.</summary>
    public McpConnection Connection => _connection;

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
        return ConnectCoreAsync(() => new HttpConnection(http), canReopen: false, options, cancellationToken);
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
        return ConnectCoreAsync(() => ProcessConnection.Start(process), canReopen: true, options, cancellationToken);
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
        return ConnectCoreAsync(() => connection, canReopen: false, Checked(options), cancellationToken);
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
    /// <param name="arguments">Its arguments: a raw JSON object; empty for none. Copied before the method returns.</param>
    /// <param name="progress">Takes progress reports, on the connection's reader: return soon. Null asks the server for none.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>What the tool answered, also where it failed (<see cref="ToolResult.IsError"/>); dispose it.</returns>
    /// <exception cref="ArgumentException"><paramref name="arguments"/> is no JSON object.</exception>
    /// <exception cref="McpPeerException">The server refused the call, for instance because it has no such tool.</exception>
    /// <exception cref="McpTransportException">No reply; <see cref="McpTransportException.MayHaveRun"/> tells whether the call may have run.</exception>
    public async ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments = default, IProgress<CallProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!arguments.IsEmpty && !PeregrineClientOptions.IsJsonObject(arguments.Span))
        {
            throw new ArgumentException("The arguments of a tool are one JSON object.", nameof(arguments));
        }

        NotificationCallback? onProgress = progress is null
            ? null
            : (in IncomingNotification notification) => progress.Report(CallProgress.Read(notification.Parameters));
        var reply = await _connection.SendRequestAsync(
            "tools/call"u8,
            [_heads.For(name), arguments.IsEmpty ? NoArguments : arguments, End],
            new SendOptions { Timeout = _options.RequestTimeout, Meta = _meta, OnProgress = onProgress, Name = name },
            cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
        var result = new ToolResult(reply);
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
        _connection.SendRequestAsync(method, parameters, new SendOptions { Timeout = _options.RequestTimeout, Meta = _meta }, cancellationToken);

    /// <summary>Asks the server for a sign of life: <c>ping</c> in the session era, <c>server/discover</c> in the stateless era, which has no ping.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask PingAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await SendRequestAsync(
            Era == ProtocolEra.Session ? "ping"u8 : "server/discover"u8, default, cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
    }

    /// <summary>Closes the connection; calls in flight fail. More than once does nothing.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static PeregrineClientOptions Checked(PeregrineClientOptions? options)
    {
        options ??= new PeregrineClientOptions();
        options.Validate();
        return options;
    }

    private static async ValueTask<PeregrineClient> ConnectCoreAsync(
        Func<McpConnection> open, bool canReopen, PeregrineClientOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var introduction = new ClientIntroduction(options);
        var (connection, agreement) = await Connector.ConnectAsync(open, canReopen, options, introduction, cancellationToken).ConfigureAwait(false);
        return new PeregrineClient(connection, agreement, introduction, options);
    }

    private ValueTask<McpReply> SendListAsync(byte[] cursor, CancellationToken cancellationToken) => cursor.Length == 0
        ? SendRequestAsync("tools/list"u8, default, cancellationToken)
        : SendRequestAsync("tools/list"u8, [.. "{\"cursor\":"u8, .. cursor, (byte)'}'], cancellationToken);

    private McpTransportException InvalidReply(string why) => new(TransportFault.InvalidReply, $"{_connection.Peer} {why}.", mayHaveRun: true);
}
