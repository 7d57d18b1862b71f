using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.Http;

/// <summary>Settings of a connection over Streamable HTTP.</summary>
public sealed record HttpConnectionOptions
{
    /// <summary>The MCP endpoint: an absolute http or https URL.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Headers sent with every request, for example an API key. They go to the endpoint only: redirects are not followed. Default: none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The longest message taken from the server, in bytes. 1 or more. Default 16 MiB.</summary>
    public int MaxMessageLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many requests of the server are answered at once; more are refused with error 4001. 1 or more. Default 64.</summary>
    public int MaxIncomingRequests { get; init; } = 64;

    /// <summary>
    /// Whether messages over 1,024 bytes are compressed once the server has said that it takes them so (<c>Accept-Encoding</c> in a response, RFC 7694), and whether compressed
    /// replies are asked for. A reply that grows out of proportion is refused. Default true.
    /// </summary>
    public bool Compression { get; init; } = true;

    /// <summary>How sockets are kept. Without effect where <see cref="Sockets"/> is given.</summary>
    public HttpPoolOptions Pool { get; init; } = new();

    /// <summary>Sockets that are shared with other connections to the same server; not disposed by this one. Null (the default) for sockets of its own.</summary>
    public HttpSockets? Sockets { get; init; }

    /// <summary>
    /// How often a stream that broke before its reply is taken up again (session era, where the server numbers its events), in a row without any event.
    /// Zero or more; default 3.
    /// </summary>
    public int MaxResumptions { get; init; } = 3;

    /// <summary>The HTTP version asked for; a lower one is taken where the server offers no other. Default 1.1.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    /// <summary>How <see cref="HttpVersion"/> is negotiated. Default: that version or a lower one. HTTP/2 in clear needs the exact version.</summary>
    public HttpVersionPolicy HttpVersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>Sends the requests instead of a handler of the connection's own; not disposed by it. It must not follow redirects. Without effect where <see cref="Sockets"/> is given.</summary>
    public HttpMessageHandler? MessageHandler { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Runs what the connection starts. Default: the thread pool.</summary>
    public IWorkScheduler Scheduler { get; init; } = ThreadPoolScheduler.Instance;

    /// <summary>Takes log messages. Default: none.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Throws where the settings are not valid, naming all faults.</summary>
    internal void Validate()
    {
        var faults = new List<string>();
        if (Endpoint is null || !Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
        {
            faults.Add("Endpoint is no absolute http or https URL.");
        }

        Require(faults, MaxMessageLength >= 1, "MaxMessageLength is less than 1.");
        Require(faults, MaxIncomingRequests >= 1, "MaxIncomingRequests is less than 1.");
        Require(faults, MaxResumptions >= 0, "MaxResumptions is negative.");
        Pool.Validate(faults);
        foreach (var (name, value) in Headers)
        {
            Require(faults, IsToken(name), $"Headers: '{name}' is no header name.");
            Require(faults, !value.AsSpan().ContainsAny('\r', '\n', '\0'), $"Headers: the value of '{name}' has a line break.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private static void Require(List<string> faults, bool holds, string otherwise)
    {
        if (!holds)
        {
            faults.Add(otherwise);
        }
    }

    private static bool IsToken(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
