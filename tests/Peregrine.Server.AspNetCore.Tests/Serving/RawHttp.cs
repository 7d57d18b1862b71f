using System.Net.Sockets;
using System.Text;

namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>One connection, on which a test writes and reads what it likes.</summary>
internal sealed class RawHttp(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    internal static string Head(int contentLength, params string[] headers) =>
        $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {contentLength}\r\n"
        + string.Concat(headers.Select(static header => header + "\r\n")) + "\r\n";

    internal async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Reads until <paramref name="enough"/> says so, or the end.</summary>
    internal async Task<string> ReceiveAsync(Func<string, bool> enough)
    {
        var received = new StringBuilder();
        while (!enough(received.ToString()))
        {
            var count = await socket.ReceiveAsync(_buffer).WaitAsync(TestSite.Patience);
            if (count == 0)
            {
                break;
            }

            received.Append(Encoding.UTF8.GetString(_buffer, 0, count));
        }

        return received.ToString();
    }

    /// <summary>Reads one response with a Content-Length.</summary>
    internal Task<string> ReceiveResponseAsync() => ReceiveAsync(static text =>
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        var length = at < 0 || at > end ? 0 : int.Parse(text.AsSpan(at + 16, text.IndexOf("\r\n", at, StringComparison.Ordinal) - at - 16), System.Globalization.CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetByteCount(text.AsSpan(end + 4)) >= length;
    });

    /// <summary>Reads to the end of the connection, however it comes.</summary>
    internal async Task ReceiveEndAsync()
    {
        try
        {
            await ReceiveAsync(static _ => false);
        }
        catch (SocketException)
        {
            // Reset by the server: an end like another.
        }
    }

    internal void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection as a crash does.</summary>
    internal void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();
}
