using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Http.Direct;

/// <summary>The bytes of one request: the message, and the head that goes before it. Kept between requests. One owner at a time.</summary>
internal sealed class DirectRequest : IDisposable
{
    // Up to this, message and head go out in one piece.
    private const int JoinedLength = 16 * 1024;

    private readonly PooledByteWriter _head = new();

    /// <summary>The message; to be written first.</summary>
    internal PooledByteWriter Message { get; } = new();

    /// <summary>Writes the head.</summary>
    /// <param name="common">The request line and the headers that all requests of the connection have.</param>
    /// <param name="method">The value of <c>Mcp-Method</c>; empty for none.</param>
    /// <param name="name">The value of <c>Mcp-Name</c>, not encoded; null for none.</param>
    /// <param name="headers">Further headers; null for none.</param>
    internal void WriteHead(ReadOnlySpan<byte> common, ReadOnlySpan<byte> method, string? name, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        _head.Write(common);
        if (!method.IsEmpty)
        {
            _head.Write("Mcp-Method: "u8);
            _head.Write(method);
            _head.Write("\r\n"u8);
            if (name is not null)
            {
                Write(McpHeaderNames.Name, HeaderValue.Encode(name));
            }
        }

        for (var i = 0; i < (headers?.Count ?? 0); i++)
        {
            Write(headers![i].Key, headers[i].Value);
        }

        _head.Write("Content-Length: "u8);
        JsonRpcWriter.WriteInteger(_head, Message.Length);
        _head.Write("\r\n\r\n"u8);
        if (Message.Length <= JoinedLength)
        {
            _head.Write(Message.WrittenSpan);
        }
    }

    /// <summary>Sends it.</summary>
    internal ValueTask SendAsync(DirectSocket socket) => Message.Length <= JoinedLength ? socket.SendAsync(_head.WrittenMemory) : SendBothAsync(socket);

    /// <summary>Forgets it, so that the next can be written.</summary>
    internal void Clear()
    {
        _head.Clear();
        Message.Clear();
    }

    public void Dispose()
    {
        _head.Dispose();
        Message.Dispose();
    }

    private async ValueTask SendBothAsync(DirectSocket socket)
    {
        await socket.SendAsync(_head.WrittenMemory).ConfigureAwait(false);
        await socket.SendAsync(Message.WrittenMemory).ConfigureAwait(false);
    }

    private void Write(string name, string value)
    {
        WriteText(name);
        _head.Write(": "u8);
        WriteText(value);
        _head.Write("\r\n"u8);
    }

    private void WriteText(string text)
    {
        if (!DirectRules.IsPlain(text))
        {
            throw new ArgumentException("A header has visible ASCII characters and spaces only.", nameof(text));
        }

        var room = _head.GetSpan(text.Length);
        _head.Advance(System.Text.Encoding.ASCII.GetBytes(text, room));
    }
}
