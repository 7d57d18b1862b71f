using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Gateway.Tests.Routing;

/// <summary>
/// A server over HTTP that gives answers from a tin, on threads of its own with blocking reads: it allocates nothing for a call, so that what is measured in its process is not its own.
/// </summary>
internal sealed class CannedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];

    internal CannedServer()
    {
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    internal Uri Endpoint => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mcp"));

    public void Dispose()
    {
        _listener.Dispose();
        lock (_sockets)
        {
            _sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                socket.NoDelay = true;
                lock (_sockets)
                {
                    _sockets.Add(socket);
                }

                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private static void Serve(Socket socket)
    {
        var request = new byte[64 * 1024];
        var response = new byte[4 * 1024];
        try
        {
            while (Receive(socket, request) is var length and > 0)
            {
                var answered = Write(request.AsSpan(0, length), response);
                socket.Send(response.AsSpan(0, answered), SocketFlags.None);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Ended.
        }
    }

    // Reads a request with all of its body.
    private static int Receive(Socket socket, byte[] buffer)
    {
        var read = 0;
        while (true)
        {
            var count = socket.Receive(buffer.AsSpan(read), SocketFlags.None);
            if (count == 0)
            {
                return 0;
            }

            read += count;
            var head = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && read >= head + 4 + BodyLength(buffer.AsSpan(0, head)))
            {
                return read;
            }
        }
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? length : 0;
    }

    private static int Write(ReadOnlySpan<byte> request, Span<byte> response)
    {
        var idAt = request.IndexOf("\"id\":"u8) + 5;
        if (!request.StartsWith("POST"u8) || idAt < 5)
        {
            return Copy(request.StartsWith("POST"u8) ? "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8 : "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"u8, response);
        }

        var id = request[idAt..];
        id = id[..id.IndexOf((byte)',')];
        var result = ResultOf(request);
        var length = "{\"jsonrpc\":\"2.0\",\"id\":"u8.Length + id.Length + 1 + result.Length + 1;
        var written = Copy("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "u8, response);
        Utf8Formatter.TryFormat(length, response[written..], out var digits);
        written += digits;
        written += Copy("\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":"u8, response[written..]);
        written += Copy(id, response[written..]);
        written += Copy(","u8, response[written..]);
        written += Copy(result, response[written..]);
        return written + Copy("}"u8, response[written..]);
    }

    private static ReadOnlySpan<byte> ResultOf(ReadOnlySpan<byte> request) =>
        request.IndexOf("\"tools/call\""u8) >= 0 ? "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"resultType\":\"complete\"}"u8
        : request.IndexOf("\"initialize\""u8) >= 0 ? "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"tin\",\"version\":\"1\"}}"u8
        : request.IndexOf("\"server/discover\""u8) >= 0 ? "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"ttlMs\":0,\"cacheScope\":\"private\",\"resultType\":\"complete\"}"u8
        : request.IndexOf("\"tools/list\""u8) >= 0 ? "\"result\":{\"tools\":[{\"name\":\"hello\",\"inputSchema\":{\"type\":\"object\"}}],\"ttlMs\":0,\"cacheScope\":\"private\",\"resultType\":\"complete\"}"u8
        : "\"error\":{\"code\":-32601,\"message\":\"no\"}"u8;

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        bytes.CopyTo(target);
        return bytes.Length;
    }
}
