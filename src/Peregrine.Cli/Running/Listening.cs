using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Cli.Running;

/// <summary>Where a web server listens, and how.</summary>
/// <param name="Urls">Addresses, with semicolons between them.</param>
internal sealed record Listening(string Urls)
{
    /// <summary>Addresses for HTTP/2 in clear text. One such port cannot speak HTTP/1.1 as well.</summary>
    internal string? Http2ClearUrls { get; init; }

    /// <summary>A PEM file with the certificate and its chain, for https addresses.</summary>
    internal string? CertificateFile { get; init; }

    /// <summary>A PEM file with the key of <see cref="CertificateFile"/>.</summary>
    internal string? KeyFile { get; init; }

    /// <summary>A PEM file with the authorities whose client certificates are taken; where it is given, every client must show one.</summary>
    internal string? ClientAuthorityFile { get; init; }

    /// <summary>Who may call.</summary>
    internal HttpFrontOptions Front { get; init; } = HttpFrontOptions.Default;
}
