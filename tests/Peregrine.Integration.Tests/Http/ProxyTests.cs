using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Http;

/// <summary>Behind a reverse proxy, nginx, and called by web pages.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task BehindNginxUnderItsPublicNameAndBelowAPath()
    {
        Assert.SkipUnless(File.Exists(Nginx.Program), "nginx is missing; `./test --install` installs it.");
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0", "--allow-host", "mcp.example");
        await using var nginx = await Nginx.StartAsync(child.Endpoints[0].Port);
        using var client = new HttpClient { BaseAddress = nginx.Address };

        using var reply = await client.SendAsync(Request("/tools/mcp", "mcp.example"));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("hi", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A name that nobody allowed is refused behind a proxy as it is without one.
        using var refused = await client.SendAsync(Request("/tools/mcp", "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task NginxPassesAStreamOnAsItComes()
    {
        Assert.SkipUnless(File.Exists(Nginx.Program), "nginx is missing; `./test --install` installs it.");
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0", "--allow-host", "mcp.example");
        await using var nginx = await Nginx.StartAsync(child.Endpoints[0].Port);
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var request = Request("/tools/mcp", "mcp.example", "stream", """{"count":3}""", ""","progressToken":1""");

        using var reply = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType!.MediaType);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.Contains("notifications/progress", text, StringComparison.Ordinal);
        Assert.Contains("\"result\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APageOfAnAllowedOriginMayCallAndReadTheReply()
    {
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0", "--allow-origin", "https://app.example");
        using var client = new HttpClient { BaseAddress = child.Endpoints[0] };
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,mcp-protocol-version,mcp-method");

        using var allowed = await client.SendAsync(preflight);
        Assert.Equal("https://app.example", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("mcp-method", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);

        using var request = Request("/mcp", child.Endpoints[0].Authority);
        request.Headers.Add("Origin", "https://app.example");
        using var reply = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("https://app.example", Assert.Single(reply.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Mcp-Session-Id", string.Join(',', reply.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);

        using var foreign = Request("/mcp", child.Endpoints[0].Authority);
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await client.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static HttpRequestMessage Request(string path, string host, string tool = "echo", string arguments = """{"message":"hi"}""", string meta = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$$"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}{{{meta}}} } } }
                """, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Host = host;
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        return request;
    }

    /// <summary>nginx in front of one port, with the configuration that docs/deploy.md shows.</summary>
    private sealed class Nginx : IAsyncDisposable
    {
        internal const string Program = "/usr/sbin/nginx";

        private readonly Process _process;
        private readonly DirectoryInfo _folder;

        private Nginx(Process process, DirectoryInfo folder, Uri address)
        {
            _process = process;
            _folder = folder;
            Address = address;
        }

        internal Uri Address { get; }

        internal static async Task<Nginx> StartAsync(int upstream)
        {
            var folder = Directory.CreateTempSubdirectory("peregrine-nginx-");
            var port = FreePort();
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), $$"""
                daemon off;
                pid {{folder.FullName}}/nginx.pid;
                error_log {{folder.FullName}}/error.log;
                events {}
                http {
                    access_log off;
                    client_body_temp_path {{folder.FullName}}/body;
                    proxy_temp_path {{folder.FullName}}/proxy;
                    fastcgi_temp_path {{folder.FullName}}/fastcgi;
                    uwsgi_temp_path {{folder.FullName}}/uwsgi;
                    scgi_temp_path {{folder.FullName}}/scgi;
                    server {
                        listen 127.0.0.1:{{port}};
                        location /tools/ {
                            proxy_pass http://127.0.0.1:{{upstream}}/;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_buffering off;
                            proxy_read_timeout 1h;
                        }
                    }
                }
                """);
            var process = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(folder.FullName, "nginx.conf"), "-p", folder.FullName]) { RedirectStandardError = true })!;
            var nginx = new Nginx(process, folder, new Uri($"http://127.0.0.1:{port}"));
            await nginx.WaitUntilListeningAsync();
            return nginx;
        }

        public async ValueTask DisposeAsync()
        {
            using (var quit = Process.Start("kill", ["-QUIT", $"{_process.Id}"]))
            {
                await quit.WaitForExitAsync();
            }

            using var patience = new CancellationTokenSource(HttpChild.Patience);
            await _process.WaitForExitAsync(patience.Token);
            _process.Dispose();
            _folder.Delete(recursive: true);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private async Task WaitUntilListeningAsync()
        {
            using var patience = new CancellationTokenSource(HttpChild.Patience);
            while (true)
            {
                patience.Token.ThrowIfCancellationRequested();
                Assert.False(_process.HasExited, $"nginx has ended: {(_process.HasExited ? await _process.StandardError.ReadToEndAsync(patience.Token) : "")}");
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(Address.Host, Address.Port, patience.Token);
                    return;
                }
                catch (SocketException)
                {
                    await Task.Delay(20, patience.Token);
                }
            }
        }
    }
}
