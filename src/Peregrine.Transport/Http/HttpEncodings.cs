using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Peregrine.Protocol.Buffers;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>The content codings that messages may be sent in: <c>br</c> and <c>gzip</c>. Pure and thread-safe.</summary>
internal static class HttpEncodings
{
    internal const string Accepted = "br, gzip";

    // A request this long or shorter costs more to compress than it saves.
    internal const int Threshold = 1024;

    // Brotli's quality 4 compresses JSON better than gzip and takes no longer.
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 18;

    /// <summary>The coding to send in, of those that a server named in <c>Accept-Encoding</c>; null for none (RFC 7694).</summary>
    internal static string? Choose(IEnumerable<string> accepted)
    {
        string? found = null;
        foreach (var part in accepted.SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries)))
        {
            var semicolon = part.IndexOf(';', StringComparison.Ordinal);
            var name = semicolon < 0 ? part : part[..semicolon].TrimEnd();
            if (semicolon >= 0 && IsRefused(part.AsSpan(semicolon + 1)))
            {
                continue;
            }

            if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
            {
                return "br";
            }

            if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                found = "gzip";
            }
        }

        return found;
    }

    /// <summary>Compresses a message.</summary>
    /// <returns>False where it would not become shorter; <paramref name="target"/> is then not to be used.</returns>
    internal static bool TryCompress(string encoding, ReadOnlyMemory<byte> message, PooledByteWriter target)
    {
        if (encoding == "br")
        {
            var room = target.GetSpan(message.Length);
            if (!BrotliEncoder.TryCompress(message.Span, room[..message.Length], out var written, BrotliQuality, BrotliWindow))
            {
                return false;
            }

            target.Advance(written);
            return true;
        }

        using (var gzip = new GZipStream(new WriterStream(target), CompressionLevel.Fastest))
        {
            gzip.Write(message.Span);
        }

        return target.Length < message.Length;
    }

    // ";q=0" in any of its spellings.
    private static bool IsRefused(ReadOnlySpan<char> parameters)
    {
        parameters = parameters.Trim();
        return parameters.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameters[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality == 0;
    }

    private sealed class WriterStream(IBufferWriter<byte> writer) : OneWayStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => writer.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer.AsSpan(offset, count));
    }
}
