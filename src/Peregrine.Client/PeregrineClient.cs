using Peregrine.Client.Batching;
using Peregrine.Client.Caching;
using Peregrine.Client.Calling;
using Peregrine.Client.Connecting;
using Peregrine.Client.Interaction;
using Peregrine.Client.Listing;
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
public sealed partial class PeregrineClient : IAsyncDisposable
{
    private static readonly byte[] End = "}"u8.ToArray();

    private readonly ClientLink _link;
    private readonly RequestPipeline _pipeline;
    private readonly PeregrineClientOptions _options;
    private readonly ServerEvents _events;
    private readonly InputRounds _rounds;
    private readonly BatchGates _gates;

    private PeregrineClient(
        ClientLink link, ServerEvents events, QuestionAnswerer answerer, PeregrineClientOptions options, RequestPipeline? pipeline = null)
    {
        _link = link;
        _events = events;
        _options = options;
        _pipeline = pipeline ?? PipelineComposition.Compose(options, link);
        _gates = new BatchGates(options.TimeProvider);
        _rounds = new InputRounds(_pipeline, answerer, options);
        link.Reopened += OnReopened;
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
        return ConnectCoreAsync(HttpSource.Create(endpoint, options), options, cancellationToken);
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
    public static async ValueTask<PeregrineClient> ConnectAsync(
        McpConnection connection, PeregrineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            return await ConnectCoreAsync(new ConnectionSource(null, canReopen: false, _ => new(connection)), Checked(options), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ArgumentException or OperationCanceledException)
        {
            // Refused before anybody had it.
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends any request, with what every request of the era carries.</summary>
    /// <param name="method">The method's name, UTF-8.</param>
    /// <param name="parameters"><c>params</c>: a raw JSON object without <c>_meta</c>; empty for none. Copied before the method returns.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>The reply, also where it is an error; dispose it.</returns>
    public ValueTask<McpReply> SendRequestAsync(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, CancellationToken cancellationToken = default)
    {
        var known = McpMethods.Parse(method);
        var request = new ClientRequest(known, SafetyOf(known))
        {
            OtherMethod = known == McpMethod.Unknown ? method.ToArray() : default,
            Head = parameters.ToArray(),
            Timeout = _options.RequestTimeout,
        };
        return _pipeline.SendAsync(request, cancellationToken);
    }

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

    /// <summary>A client like this one whose requests take another way; it holds nothing of its own that were to be disposed.</summary>
    internal PeregrineClient Over(RequestPipeline pipeline, PeregrineClientOptions options) => new(_link, _events, new QuestionAnswerer(options), options, pipeline);

    private static PeregrineClientOptions Checked(PeregrineClientOptions? options)
    {
        options ??= new PeregrineClientOptions();
        options.Validate();
        return CacheSetup.Apply(options);
    }

    private static async ValueTask<PeregrineClient> ConnectCoreAsync(ConnectionSource source, PeregrineClientOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answerer = new QuestionAnswerer(options);
        var events = new ServerEvents(options, answerer);
        if (options.SharedCache is { } cache)
        {
            // Before connecting, so that no notification is missed.
            events.Add(cache.Observe);
        }

        var client = new PeregrineClient(await ClientLink.OpenAsync(source, options, events, cancellationToken).ConfigureAwait(false), events, answerer, options);
        if (options.LogLevel is { } level)
        {
            client.AskForLog(client._link.Current, level);
        }

        return client;
    }

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(ListReader<T> list, CancellationToken cancellationToken)
    {
        List<T> items = [];
        string? cursor = null;
        for (var page = 0; page < _options.MaxListPages; page++)
        {
            var read = await ListPageAsync(list, cursor, cancellationToken).ConfigureAwait(false);
            items.AddRange(read.Items);
            if (read.NextCursor is null)
            {
                return items;
            }

            if (read.NextCursor == cursor)
            {
                throw InvalidReply("names the same page as the next one again and again");
            }

            cursor = read.NextCursor;
        }

        throw InvalidReply($"has more than {_options.MaxListPages} pages of {list.What} (MaxListPages)");
    }

    private async ValueTask<ListPage<T>> ListPageAsync<T>(ListReader<T> list, string? cursor, CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(list.Ask(cursor, _options.RequestTimeout), cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
        return list.Read(reply.Result.Span);
    }

    // A request about one name, with what a call's options say.
    private ClientRequest Ask(McpMethod method, string name, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> arguments, CallOptions? options)
    {
        if (!ReferenceEquals(options, DefaultCall))
        {
            options?.Validate();
        }

        return new ClientRequest(method, SafetyOf(method))
        {
            Name = name,
            Head = head,
            Arguments = arguments,
            Tail = End,
            Meta = options?.MetaMembers ?? default,
            Timeout = options?.Timeout ?? _options.RequestTimeout,
            OnProgress = options?.Progress is { } progress
                ? (in IncomingNotification notification) => progress.Report(CallProgress.Read(notification.Parameters))
                : null,
            Options = options,
        };
    }

    private void OnReopened(Conversation conversation)
    {
        _tools.Clear();

        // What changed in between nobody has told.
        _options.SharedCache?.Clear();
        if (_logLevel is { } level)
        {
            AskForLog(conversation, level);
        }
    }

    private static RequestSafety SafetyOf(McpMethod method) => method switch
    {
        McpMethod.Ping or McpMethod.ServerDiscover or McpMethod.ToolsList or McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList or McpMethod.ResourcesRead
            or McpMethod.PromptsList or McpMethod.PromptsGet or McpMethod.CompletionComplete => RequestSafety.ReadOnly,
        McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe or McpMethod.LoggingSetLevel => RequestSafety.Idempotent,
        _ => RequestSafety.Unknown,
    };

    private McpTransportException InvalidReply(string why) => new(TransportFault.InvalidReply, $"{Connection.Peer} {why}.", mayHaveRun: true);
}
