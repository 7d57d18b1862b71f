using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Integration.Tests.Http;

/// <summary>An HTTP client that counts the connections it opens.</summary>
internal sealed class CountedClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly Version _version;
    private int _connections;

    /// <param name="version">The version of HTTP: this one and no other.</param>
    /// <param name="trusted">The authority of the servers, where they speak TLS.</param>
    /// <param name="shown">The certificate that the client shows, or null.</param>
    internal CountedClient(Version version, TestCertificates? trusted = null, X509Certificate2? shown = null)
    {
        _version = version;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref _connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

        if (trusted is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { trusted.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        handler.SslOptions.LocalCertificateSelectionCallback = shown is null ? null : (_, _, _, _, _) => shown;
        _client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
    }

    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>Calls a tool in the stateless era.</summary>
    /// <returns>The reply's body; the version of HTTP was the one wanted.</returns>
    internal async Task<string> CallAsync(Uri endpoint, string tool, string arguments)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Version = _version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent($$$"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        using var reply = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(_version, reply.Version);
        return await reply.Content.ReadAsStringAsync();
    }

    public void Dispose() => _client.Dispose();
}
