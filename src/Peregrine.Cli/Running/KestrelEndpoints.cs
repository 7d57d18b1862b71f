using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Peregrine.Cli.Running;

/// <summary>Turns <see cref="Listening"/> into endpoints of the web server.</summary>
internal static class KestrelEndpoints
{
    /// <exception cref="IOException">A PEM file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A PEM file holds no certificate, or the key is not the certificate's.</exception>
    internal static void Configure(IWebHostBuilder host, Listening listening)
    {
        if (listening is { Http2ClearUrls: null, CertificateFile: null })
        {
            host.UseUrls(listening.Urls);
            return;
        }

        var tls = listening.CertificateFile is null ? null : ReadTls(listening);
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel =>
        {
            foreach (var address in Parse(listening.Urls))
            {
                Listen(kestrel, address, endpoint =>
                {
                    if (tls is not null && address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
                    {
                        // HTTP/2 where the client offers it in the handshake, else HTTP/1.1.
                        endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                        endpoint.UseHttps(tls);
                    }
                    else
                    {
                        endpoint.Protocols = HttpProtocols.Http1;
                    }
                });
            }

            foreach (var address in listening.Http2ClearUrls is { } urls ? Parse(urls) : [])
            {
                Listen(kestrel, address, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
            }
        });
    }

    private static IEnumerable<BindingAddress> Parse(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(BindingAddress.Parse);

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            // Any other name means every address of this machine, as it does for ASP.NET Core.
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static HttpsConnectionAdapterOptions ReadTls(Listening listening)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(listening.CertificateFile!, listening.KeyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(listening.CertificateFile!);
        var options = new HttpsConnectionAdapterOptions
        {
            // By way of PKCS#12: Windows cannot use a key that lives in memory only.
            ServerCertificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
            ServerCertificateChain = chain,
        };
        if (listening.ClientAuthorityFile is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            options.ClientCertificateValidation = (shown, _, _) => IsOf(authorities, shown);
        }

        return options;
    }

    // Only the given authorities count: a certificate of a public one says nothing about who may call here.
    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate2 shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(shown);
    }
}
