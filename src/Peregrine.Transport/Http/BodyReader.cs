using Peregrine.Protocol.Buffers;

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
        var buffer = PooledArrays.Rent<byte>((int)Math.Min((announced ?? FirstRead) + 1, Array.MaxLength));
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                buffer = Grow(buffer);
            }

            int count;
            try
            {
                count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // A stream whose read was aborted may still write into the buffer.
                PooledArrays.Abandon(buffer);
                throw;
            }

            if (count == 0)
            {
                return (buffer, length);
            }

            length += count;
            if (length > limit)
            {
                PooledArrays.Return(buffer);
                return ([], -1);
            }
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var grown = PooledArrays.Rent<byte>((int)Math.Min(2L * buffer.Length, Array.MaxLength));
        buffer.CopyTo(grown, 0);
        PooledArrays.Return(buffer);
        return grown;
    }
}
