using System.Buffers;

namespace Peregrine.Transport.Http;

/// <summary>Reads a body into rented memory, up to a limit.</summary>
internal static class BodyReader
{
    private const int FirstRead = 4 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The most bytes taken, decompressed.</param>
    /// <param name="peer">Whose body it is, for messages to people.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The buffer, from the shared array pool and now the caller's, and how much of it is filled; -1 where the body is longer than the limit.</returns>
    internal static async ValueTask<(byte[] Buffer, int Length)> ReadAsync(HttpContent content, int limit, string peer, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced > limit)
        {
            return ([], -1);
        }

        using var stream = await InflatingStream.OpenAsync(content, peer, cancellationToken).ConfigureAwait(false);

        // One byte more than announced: so the read that finds the end needs no larger buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min((announced ?? FirstRead) + 1, Array.MaxLength));
        var length = 0;

        // Where a read fails or is aborted, the buffer is left to the collector: the stream may still write into it.
        while (true)
        {
            if (length == buffer.Length)
            {
                buffer = Grow(buffer);
            }

            var count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return (buffer, length);
            }

            length += count;
            if (length > limit)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return ([], -1);
            }
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, Array.MaxLength));
        buffer.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }
}
