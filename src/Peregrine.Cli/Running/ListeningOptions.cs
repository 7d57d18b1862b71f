using System.CommandLine;
using System.CommandLine.Parsing;
using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Cli.Running;

/// <summary>The options of a command that listens.</summary>
internal sealed class ListeningOptions
{
    private readonly Option<string?> _urls;
    private readonly Option<string?> _h2c = new("--h2c") { Description = "Listen on this URL too, for HTTP/2 in clear text (a port of its own: one clear port cannot speak both)." };
    private readonly Option<string?> _certificate = new("--cert") { Description = "PEM file with the certificate and its chain, for https URLs; HTTP/2 is offered there." };
    private readonly Option<string?> _key = new("--key") { Description = "PEM file with the certificate's private key." };
    private readonly Option<string?> _authority = new("--client-ca") { Description = "PEM file with authorities: every client must show a certificate of one of them." };

    private readonly Option<string[]> _hosts = new("--allow-host") { Description = "A host name under which clients call, such as the public one of a reverse proxy. May be given several times." };
    private readonly Option<string[]> _origins = new("--allow-origin") { Description = "An origin whose web pages may call, such as https://app.example; * for all. May be given several times." };

    internal ListeningOptions(string urlsDescription) => _urls = ListeningUrls.Option(urlsDescription);

    internal void AddTo(Command command)
    {
        _h2c.Validators.Add(static result => ListeningUrls.Validate(result, "--h2c", "http"));
        command.Add(_urls);
        command.Add(_h2c);
        command.Add(_certificate);
        command.Add(_key);
        command.Add(_authority);
        command.Add(_hosts);
        command.Add(_origins);
        command.Validators.Add(result =>
        {
            foreach (var fault in Faults(result.GetValue(_urls), result.GetValue(_certificate), result.GetValue(_key), result.GetValue(_authority)))
            {
                result.AddError(fault);
            }

            foreach (var fault in Front(result.GetValue(_hosts), result.GetValue(_origins)).Validate())
            {
                result.AddError(fault);
            }
        });
    }

    /// <summary>True where the command line names an address.</summary>
    internal bool IsGiven(SymbolResult result) => result.GetValue(_urls) is not null || result.GetValue(_h2c) is not null;

    internal Listening Read(ParseResult result, string defaultUrls = "") => new(result.GetValue(_urls) ?? defaultUrls)
    {
        Http2ClearUrls = result.GetValue(_h2c),
        CertificateFile = result.GetValue(_certificate),
        KeyFile = result.GetValue(_key),
        ClientAuthorityFile = result.GetValue(_authority),
        Front = Front(result.GetValue(_hosts), result.GetValue(_origins)),
    };

    private static HttpFrontOptions Front(string[]? hosts, string[]? origins) => HttpFrontOptions.Default with { AllowedHosts = hosts ?? [], AllowedOrigins = origins ?? [] };

    private static IEnumerable<string> Faults(string? urls, string? certificate, string? key, string? authority)
    {
        if (certificate is null != key is null)
        {
            yield return "Give --cert and --key together.";
        }

        if (authority is not null && certificate is null)
        {
            yield return "--client-ca needs --cert and --key: client certificates are shown over TLS only.";
        }

        if (urls?.Contains("https://", StringComparison.OrdinalIgnoreCase) == true && certificate is null)
        {
            yield return "An https URL needs --cert FILE and --key FILE.";
        }

        foreach (var (option, file) in new[] { ("--cert", certificate), ("--key", key), ("--client-ca", authority) })
        {
            if (file is not null && !Path.Exists(file))
            {
                yield return $"{option}: the file {file} does not exist.";
            }
        }
    }
}
