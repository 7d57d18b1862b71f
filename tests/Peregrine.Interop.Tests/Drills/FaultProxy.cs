using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Interop.Tests.Drills;

/// <summary>Stands between a gateway and an HTTP server, passes bytes on, and does to them what networks and broken servers do. Thread-safe.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly byte[][] Garbage =
    [
        Response("application/json", "this is no JSON"),
        Response("application/json", """{"jsonrpc":"2.0","id":987654321,"result":{}}"""),
        Response("application/json", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"\xff\xfe"),
        Response("text/event-stream", "data: neither\n\ndata: nor\n\n"),
        Response("text/html", "<html>It works!</html>"),
        Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"jsonrpc\""),
        Encoding.Latin1.GetBytes("\0\x01\x02 not even HTTP\r\n\r\n"),
    ];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _next;

    internal FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>True answers every request with rubbish; the server never sees it.</summary>
    internal bool IsGarbled { get; set; }

    /// <summary>By how much every answer is delayed.</summary>
    internal TimeSpan Delay { get; set; }

    /// <summary>The session that was named last by a request.</summary>
    internal string? LastSession { get; private set; }

    /// <summary>Resets all connections.</summary>
    internal void ResetAll()
    {
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        ResetAll();
        await _accepting;
        _stopping.Dispose();
    }

    private static byte[] Response(string type, string body) =>
        Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets[client] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(UpAsync(client, server), DownAsync(server, client));
        }
        catch (SocketException)
        {
            // The server is away, as seen by the client.
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private async Task UpAsync(Socket client, Socket server)
    {
        var buffer = new byte[64 * 1024];
        while (await ReceiveAsync(client, buffer) is > 0 and var count)
        {
            Note(buffer.AsSpan(0, count));
            if (!IsGarbled)
            {
                await SendAsync(server, buffer.AsMemory(0, count));
            }
            else if (!await SendAsync(client, Garbage[Interlocked.Increment(ref _next) % Garbage.Length]) || _next % 2 == 0)
            {
                return;
            }
        }
    }

    private async Task DownAsync(Socket server, Socket client)
    {
        var buffer = new byte[64 * 1024];
        while (await ReceiveAsync(server, buffer) is > 0 and var count)
        {
            if (Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay);
            }

            if (!await SendAsync(client, buffer.AsMemory(0, count)))
            {
                return;
            }
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static async Task<bool> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
            }

            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Note(ReadOnlySpan<byte> request)
    {
        const string Header = "mcp-session-id:";
        var text = Encoding.Latin1.GetString(request);
        var start = text.IndexOf(Header, StringComparison.OrdinalIgnoreCase);
        if (start >= 0 && text.IndexOf('\r', start) is > 0 and var end)
        {
            LastSession = text[(start + Header.Length)..end].Trim();
        }
    }
}
