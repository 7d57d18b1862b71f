using Peregrine.Server.AspNetCore.Sessions;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>What an MCP endpoint over HTTP takes. Immutable; change it with <c>with</c>. Validated whole when it is mapped.</summary>
public sealed record HttpFrontOptions
{
    /// <summary>The defaults.</summary>
    public static HttpFrontOptions Default { get; } = new();

    /// <summary>The longest request body, in bytes; a longer one is refused with status 413. 1 KiB to 1 GiB.</summary>
    /// <value>16 MiB.</value>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Host names under which the endpoint may be called, without ports. Empty: loopback names where the connection came in on a loopback address (which defends against DNS
    /// rebinding), any name otherwise.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Origins of web pages that may call, such as <c>https://app.example</c>; <c>*</c> for all. A page of the same host, and on loopback any page of a loopback host, may call anyway.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Sessions of the older revisions.</summary>
    public HttpSessionOptions Sessions { get; init; } = HttpSessionOptions.Default;

    /// <summary>How many messages one batch may have (2025-03-26; later revisions have no batches). 1 to 10,000.</summary>
    /// <value>100.</value>
    public int MaxBatchMessages { get; init; } = 100;

    /// <summary>
    /// A path, such as <c>/sse</c>, at which HTTP+SSE, the transport of 2024-11-05, is served beside the endpoint; null: nowhere. For clients that know no other: it is deprecated.
    /// </summary>
    /// <value>Null.</value>
    public string? SsePath { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (MaxMessageBytes is < 1024 or > 1 << 30)
        {
            faults.Add($"{nameof(MaxMessageBytes)} is {MaxMessageBytes}; it must be from 1024 to {1 << 30}.");
        }

        faults.AddRange(AllowedHosts.Where(static host => host.Length == 0 || host.Contains('/', StringComparison.Ordinal))
            .Select(static host => $"{nameof(AllowedHosts)} has \"{host}\"; give a host name without scheme, port and path."));
        faults.AddRange(AllowedOrigins.Where(static origin => origin != "*" && !Uri.TryCreate(origin, UriKind.Absolute, out _))
            .Select(static origin => $"{nameof(AllowedOrigins)} has \"{origin}\"; give scheme, host and port, such as \"https://app.example\"."));
        if (MaxBatchMessages is < 1 or > 10_000)
        {
            faults.Add($"{nameof(MaxBatchMessages)} is {MaxBatchMessages}; it must be from 1 to 10000.");
        }

        Sessions.Validate(faults);
        return faults;
    }
}
