using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Bench.Sessions;

/// <summary>Opens sessions and streams, and pings. Few connections carry all requests; each stream has its own.</summary>
internal sealed class SessionClient : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench-sessions","version":"1"}}}""";

    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 32 });
    private readonly Uri _endpoint;

    public SessionClient(Uri endpoint) => _endpoint = endpoint;

    /// <summary>Opens a session; waits where the server admits no more for now.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpRequestMessage request = Post(Initialize, session: null);
            using HttpResponseMessage reply = await _client.SendAsync(request, cancellationToken);
            if (reply.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                reply.EnsureSuccessStatusCode();
                return reply.Headers.GetValues("Mcp-Session-Id").Single();
            }

            await Task.Delay(reply.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>Pings in a session; throws where the answer is wrong.</summary>
    public async Task PingAsync(string session, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Post("""{"jsonrpc":"2.0","id":2,"method":"ping"}""", session);
        using HttpResponseMessage reply = await _client.SendAsync(request, cancellationToken);
        string text = await reply.Content.ReadAsStringAsync(cancellationToken);
        if (reply.StatusCode != HttpStatusCode.OK || text != """{"jsonrpc":"2.0","id":2,"result":{}}""")
            throw new HttpRequestException($"ping in session {session}: {(int)reply.StatusCode} {text}");
    }

    /// <summary>Opens a session's stream, and leaves it open.</summary>
    public async Task<Socket> StreamAsync(string session, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_endpoint.Host, _endpoint.Port, cancellationToken);
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET {_endpoint.AbsolutePath} HTTP/1.1\r\nHost: {_endpoint.Authority}\r\nAccept: text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: {session}\r\n\r\n");
        await socket.SendAsync(request, cancellationToken);
        byte[] head = new byte[512];
        int count = await socket.ReceiveAsync(head, cancellationToken);
        string status = Encoding.ASCII.GetString(head, 0, count);
        return status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? socket : throw new HttpRequestException($"stream of session {session}: {status}");
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Post(string body, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return request;
    }
}
