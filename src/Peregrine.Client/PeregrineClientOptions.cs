using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Client.Caching;
using Peregrine.Client.Connecting;
using Peregrine.Client.Interaction;
using Peregrine.Client.Logging;
using Peregrine.Client.Reliability;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client;

/// <summary>Settings of a client. The defaults are safe; all are checked at once when it connects.</summary>
public sealed record PeregrineClientOptions
{
    /// <summary>The name by which the client introduces itself. Not empty. Default "peregrine-client".</summary>
    public string Name { get; init; } = "peregrine-client";

    /// <summary>The version it tells. Not empty. Default: that of this library.</summary>
    public string Version { get; init; } = typeof(PeregrineClientOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>
    /// Capabilities that it declares besides those that follow from <see cref="OnElicitation"/>, <see cref="OnSampling"/> and <see cref="OnRoots"/>: a raw JSON object. Declare only what
    /// <see cref="Handler"/> serves. Default: an empty object.
    /// </summary>
    public ReadOnlyMemory<byte> Capabilities { get; init; } = "{}"u8.ToArray();

    /// <summary>
    /// The era to speak, where it is known, for instance from <see cref="PeregrineClient.Era"/> of an earlier connection: saves the probe. Null (the default) finds out.
    /// </summary>
    public ProtocolEra? Era { get; init; }

    /// <summary>
    /// How long a server on a shared connection (stdio) may take to answer <c>server/discover</c> before it is taken for one of the session era. More than zero.
    /// Default 5 s.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting may take as a whole: start, probe and handshake. More than zero. Default 60 s, for packages that are downloaded at first start.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for the reply to one request; zero waits without bound. Default 60 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a connection that was lost, or a session that the server has forgotten, is followed by a new one beneath the living client. Default true. Without
    /// effect where the client was given one connection that exists already.
    /// </summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>What is done about failures: retries, deadlines, breaker, hedging, bulkhead, keys.</summary>
    public ReliabilityOptions Reliability { get; init; } = new();

    /// <summary>How results that the server allows to be kept are kept (lists and resources); null keeps none. Default: 8 MiB, for as long as the server says, at most an hour.</summary>
    public ResponseCacheOptions? Cache { get; init; } = new();

    /// <summary>The most pages taken of one list, against servers whose list never ends. 1 or more. Default 1,000.</summary>
    public int MaxListPages { get; init; } = 1000;

    /// <summary>The longest message taken from the server, in bytes. 1 or more. Default 16 MiB.</summary>
    public int MaxMessageLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Headers for connections over HTTP, for example an API key. Default: none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Environment variables to add or replace in a server started as a child process; a null value removes one. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The working directory of a server started as a child process; null (the default) for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Takes each line that such a server writes to its standard error. Null for none.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>Where it is remembered which era a server speaks, so that it is found out once. Default: in memory, for all clients of the process.</summary>
    public IEraStore EraStore { get; init; } = InMemoryEraStore.Shared;

    /// <summary>The HTTP version asked for; a lower one is taken where the server offers no other. Default 1.1.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    /// <summary>How <see cref="HttpVersion"/> is negotiated. Default: that version or a lower one. HTTP/2 in clear needs the exact version.</summary>
    public HttpVersionPolicy HttpVersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>How sockets to a server over HTTP are kept.</summary>
    public HttpPoolOptions Pool { get; init; } = new();

    /// <summary>Whether messages over HTTP are compressed where the server takes that, and compressed replies are asked for. Default true.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>Sends the requests over HTTP instead of sockets of the client's own; not disposed. It must not follow redirects. Null (the default) for sockets.</summary>
    public HttpMessageHandler? MessageHandler { get; init; }

    /// <summary>
    /// Whether, over HTTP in the session era, the stream is kept open on which a server says what belongs to no request: changes, log messages, questions. Holds one socket. Default true.
    /// </summary>
    public bool EventStream { get; init; } = true;

    /// <summary>
    /// Answers what the server wants to know from the person in front of the client. Runs as work of its own; its token fires when nobody waits for the answer any more. Null (the
    /// default) declares no such capability.
    /// </summary>
    public Func<ElicitationQuestion, CancellationToken, ValueTask<ElicitationReply>>? OnElicitation { get; init; }

    /// <summary>Whether <see cref="OnElicitation"/> also takes URLs to open. Default false.</summary>
    public bool AllowUrlElicitation { get; init; }

    /// <summary>Lets a language model of the client's answer the server. Null (the default) declares no such capability.</summary>
    public Func<SamplingQuestion, CancellationToken, ValueTask<SamplingReply>>? OnSampling { get; init; }

    /// <summary>Names the folders that the server may work in. Null (the default) declares no such capability.</summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<ClientRoot>>>? OnRoots { get; init; }

    /// <summary>How often in one call the server may ask for input before the call is given up (stateless era). 1 or more. Default 16.</summary>
    public int MaxInputRounds { get; init; } = 16;

    /// <summary>
    /// From which level on the server is asked for log messages, where it has any. Null (the default) leaves that to the server. See also
    /// <see cref="PeregrineClient.SetLogLevelAsync"/>.
    /// </summary>
    public ServerLogLevel? LogLevel { get; init; }

    /// <summary>Takes the server's log messages, on the connection's reader: return soon, block never. Null for none.</summary>
    public Action<ServerLogMessage>? OnLog { get; init; }

    /// <summary>
    /// Takes every notification that belongs to no request, and those requests of the server (session era) that no other handler answers. Null (the default) drops the ones and refuses
    /// the others.
    /// </summary>
    public IncomingHandler? Handler { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Runs what the client starts. Default: the thread pool.</summary>
    public IWorkScheduler Scheduler { get; init; } = ThreadPoolScheduler.Instance;

    /// <summary>Takes log messages. Default: none.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The cache that the client uses; made when it connects where nobody has given one.</summary>
    internal ResponseCache? SharedCache { get; init; }

    /// <summary>True for one of the clients beneath a pool: the pool cares for what concerns all of them.</summary>
    internal bool IsPooled { get; init; }

    /// <summary>Throws where the settings are not valid, naming all faults.</summary>
    internal void Validate()
    {
        List<string> faults = [];
        Require(faults, !string.IsNullOrWhiteSpace(Name), "Name is empty.");
        Require(faults, !string.IsNullOrWhiteSpace(Version), "Version is empty.");
        Require(faults, IsJsonObject(Capabilities.Span), "Capabilities is no JSON object.");
        Require(faults, Era is null or ProtocolEra.Session or ProtocolEra.Stateless, "Era is none of the two.");
        Require(faults, ProbeTimeout > TimeSpan.Zero, "ProbeTimeout is not more than zero.");
        Require(faults, ConnectTimeout > TimeSpan.Zero, "ConnectTimeout is not more than zero.");
        Require(faults, RequestTimeout >= TimeSpan.Zero, "RequestTimeout is negative.");
        Require(faults, MaxListPages >= 1, "MaxListPages is less than 1.");
        Require(faults, MaxMessageLength >= 1, "MaxMessageLength is less than 1.");
        Cache?.Validate(faults);
        if (Reliability is null)
        {
            faults.Add("Reliability is null.");
        }
        else
        {
            Reliability.Validate(faults);
        }

        Require(faults, Headers is not null, "Headers is null.");
        Require(faults, Environment is not null, "Environment is null.");
        Require(faults, EraStore is not null, "EraStore is null.");
        Require(faults, HttpVersion is not null, "HttpVersion is null.");
        Require(faults, Pool is not null, "Pool is null.");
        Require(faults, TimeProvider is not null, "TimeProvider is null.");
        Require(faults, Scheduler is not null, "Scheduler is null.");
        Require(faults, Logger is not null, "Logger is null.");
        Require(faults, MaxInputRounds >= 1, "MaxInputRounds is less than 1.");
        Require(faults, LogLevel is null || ServerLogLevels.IsKnown(LogLevel.Value), "LogLevel is none of the eight.");
        Require(faults, !AllowUrlElicitation || OnElicitation is not null, "AllowUrlElicitation needs OnElicitation.");
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    /// <summary>True where <paramref name="json"/> is one whole JSON object and nothing else.</summary>
    internal static bool IsJsonObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Require(List<string> faults, bool holds, string otherwise)
    {
        if (!holds)
        {
            faults.Add(otherwise);
        }
    }
}
