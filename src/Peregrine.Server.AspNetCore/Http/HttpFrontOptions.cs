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
        return faults;
    }
}
