using System.Diagnostics;
using System.Net;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Http;

/// <summary>HTTP/2: in clear on a port of its own, and over TLS by the handshake; certificates of clients.</summary>
public sealed class Http2Tests
{
    private const int Calls = 32;

    [Fact]
    public async Task ManyCallsShareOneClearConnection()
    {
        await using var child = await HttpChild.StartAsync(2, "--urls", "http://127.0.0.1:0", "--h2c", "http://127.0.0.1:0");
        using var second = new CountedClient(HttpVersion.Version20);
        await CallManyAsync(second, child.Endpoints[1]);
        Assert.Equal(1, second.Connections);

        using var first = new CountedClient(HttpVersion.Version11);
        Assert.Contains("hi", await first.CallAsync(child.Endpoints[0], "echo", """{"message":"hi"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverTlsTheHandshakeChooses()
    {
        using var certificates = new TestCertificates();
        await using var child = await HttpChild.StartAsync(1, "--urls", "https://127.0.0.1:0",
            "--cert", certificates.ServerFile, "--key", certificates.ServerKeyFile);
        using var second = new CountedClient(HttpVersion.Version20, certificates);
        await CallManyAsync(second, child.Endpoints[0]);
        Assert.Equal(1, second.Connections);

        using var first = new CountedClient(HttpVersion.Version11, certificates);
        Assert.Contains("hi", await first.CallAsync(child.Endpoints[0], "echo", """{"message":"hi"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequiredClientCertificateMustBeOfTheAuthority()
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        await using var child = await HttpChild.StartAsync(1, "--urls", "https://127.0.0.1:0", "--cert", certificates.ServerFile, "--key", certificates.ServerKeyFile,
            "--client-ca", certificates.AuthorityFile);
        using var known = new CountedClient(HttpVersion.Version20, certificates, certificates.Client);
        using var stranger = new CountedClient(HttpVersion.Version20, certificates, strangers.Client);
        using var server = new CountedClient(HttpVersion.Version20, certificates, certificates.Server);
        using var nobody = new CountedClient(HttpVersion.Version20, certificates);

        Assert.Contains("hi", await known.CallAsync(child.Endpoints[0], "echo", """{"message":"hi"}"""), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.CallAsync(child.Endpoints[0], "echo", "{}"));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.CallAsync(child.Endpoints[0], "echo", "{}"));

        // Issued by the authority, but for servers.
        await Assert.ThrowsAsync<HttpRequestException>(() => server.CallAsync(child.Endpoints[0], "echo", "{}"));
    }

    // One after the other they would take a second each.
    private static async Task CallManyAsync(CountedClient client, Uri endpoint)
    {
        Assert.Contains("warm", await client.CallAsync(endpoint, "echo", """{"message":"warm"}"""), StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => client.CallAsync(endpoint, "sleep", """{"ms":1000}""")));
        Assert.All(replies, static reply => Assert.DoesNotContain("isError", reply, StringComparison.Ordinal));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, Calls / 2.0);
    }
}
