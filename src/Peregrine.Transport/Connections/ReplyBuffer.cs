using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>The pooled memory behind a <see cref="McpReply"/>. The generation tells a handle of now from a handle of an earlier reply.</summary>
internal sealed class ReplyBuffer
{
    // Buffers beyond this go back to the array pool at once: a reply of average size is what the next one will need.
    private const int KeptCapacity = 16 * 1024;

    private static readonly ObjectStack<ReplyBuffer> Pool = new(256);

    private byte[] _bytes = [];
    private int _length;
    private int _generation;
    private Envelope _envelope;

    internal int Generation => Volatile.Read(ref _generation);

    internal int StatusCode { get; private set; }

    internal ReadOnlyMemory<byte> Message => _bytes.AsMemory(0, _length);

    internal ref readonly Envelope Envelope => ref _envelope;

    /// <summary>A reply that holds a copy of <paramref name="message"/>.</summary>
    internal static McpReply Create(ReadOnlySpan<byte> message, in Envelope envelope, int statusCode = 0)
    {
        var buffer = Pool.TryPop() ?? new ReplyBuffer();
        if (buffer._bytes.Length < message.Length)
        {
            buffer.ReturnBytes();
            buffer._bytes = PooledArrays.Rent<byte>(Math.Max(message.Length, 512));
        }

        message.CopyTo(buffer._bytes);
        buffer._length = message.Length;
        buffer._envelope = envelope;
        buffer.StatusCode = statusCode;
        return new McpReply(buffer, buffer.Generation);
    }

    /// <summary>A reply over a message that lies in a rented array, which it owns from now on.</summary>
    internal static McpReply Adopt(byte[] rented, int length, in Envelope envelope, int statusCode)
    {
        var buffer = Pool.TryPop() ?? new ReplyBuffer();
        buffer.ReturnBytes();
        buffer._bytes = rented;
        buffer._length = length;
        buffer._envelope = envelope;
        buffer.StatusCode = statusCode;
        return new McpReply(buffer, buffer.Generation);
    }

    /// <summary>Gives the memory back, once: a second call of the same generation does nothing.</summary>
    internal void Release(int generation)
    {
        if (Interlocked.CompareExchange(ref _generation, unchecked(generation + 1), generation) != generation)
        {
            return;
        }

        _length = 0;
#if DEBUG
        _bytes.AsSpan().Fill(0xDB);
#endif
        if (_bytes.Length > PooledArrays.Kept(KeptCapacity))
        {
            ReturnBytes();
        }

        if (!Pool.TryPush(this))
        {
            ReturnBytes();
        }
    }

    private void ReturnBytes()
    {
        var bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            PooledArrays.Return(bytes);
        }
    }
}
