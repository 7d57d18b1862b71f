using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>
/// One connection and one call at a time on it, with a blocking write and blocking reads and nothing else: what is timed is the server and what lies behind it. Not thread-safe.
/// </summary>
internal sealed class OneCallConnection : IDisposable
{
    private static readonly byte[] s_expected = Encoding.UTF8.GetBytes($"\"{Messages.EchoText}\"");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects to a port of this machine.</summary>
    /// <exception cref="BenchException">Nobody listens there.</exception>
    public OneCallConnection(int port, HttpWorkload workload)
    {
        _request = RequestOf(port, workload);
        _socket.ReceiveTimeout = (int)TimeSpan.FromSeconds(30).TotalMilliseconds;
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException exception)
        {
            // One target less, as when a call fails, and not the end of all rows.
            _socket.Dispose();
            throw new BenchException($"no connection for calls: {exception.Message}");
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Makes one call.</summary>
    /// <exception cref="BenchException">The reply is not the echo, or does not come.</exception>
    public void Call()
    {
        try
        {
            for (int sent = 0; sent < _request.Length;)
                sent += _socket.Send(_request.AsSpan(sent));
            int length = 0, end = int.MaxValue;
            while (length < end)
            {
                int count = _socket.Receive(_buffer.AsSpan(length));
                length += count > 0 ? count : throw new BenchException("the connection was closed before the reply");
                if (end == int.MaxValue)
                    end = EndOf(_buffer.AsSpan(0, length));
            }

            ReadOnlySpan<byte> reply = _buffer.AsSpan(0, length);
            if (!reply.StartsWith("HTTP/1.1 200"u8) || reply.IndexOf(s_expected) < 0)
                throw new BenchException($"not the echoed text: {Encoding.UTF8.GetString(reply[..Math.Min(reply.Length, 600)])}");
        }
        catch (SocketException exception)
        {
            throw new BenchException($"a call failed: {exception.Message}");
        }
    }

    // The length of the whole response, once its head is there.
    private static int EndOf(ReadOnlySpan<byte> response)
    {
        int body = response.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4)
            return int.MaxValue;
        string head = Encoding.ASCII.GetString(response[..body]);
        const string name = "\r\nContent-Length:";
        int at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && int.TryParse(head.AsSpan(at + name.Length, head.IndexOf('\r', at + name.Length) - at - name.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int length)
            ? body + length
            : throw new BenchException($"a response without its length: {head}");
    }

    private static byte[] RequestOf(int port, HttpWorkload workload)
    {
        byte[] body = Encoding.UTF8.GetBytes(workload.Body);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n");
        head.Append(CultureInfo.InvariantCulture, $"MCP-Protocol-Version: {Messages.VersionOf(workload.Era)}\r\nContent-Length: {body.Length}\r\n");
        if (workload.Era == Era.Stateless)
            head.Append(CultureInfo.InvariantCulture, $"Mcp-Method: {workload.Method}\r\nMcp-Name: {workload.Name}\r\n");
        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
