using System.Text.Json;
using Peregrine.Protocol.Text;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Policies;

/// <summary>What a server says of how long its result may be kept (2026-07-28, caching), and the result without it. A value.</summary>
/// <param name="TimeToLive">How long; null where it does not say.</param>
/// <param name="Scope">For whom; null where it does not say.</param>
internal readonly record struct ResultHints(TimeSpan? TimeToLive, McpCacheScope? Scope)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>Takes the hints out of a result, whichever order its members have.</summary>
    /// <param name="result">One JSON object, judged before.</param>
    /// <param name="hints">What it says.</param>
    /// <returns>The other members as they stand.</returns>
    internal static byte[] Take(ReadOnlySpan<byte> result, out ResultHints hints)
    {
        hints = default;
        if (result.IndexOf("\"ttlMs\""u8) < 0 && result.IndexOf("\"cacheScope\""u8) < 0)
        {
            return result.ToArray();
        }

        using var rest = new Protocol.Buffers.PooledByteWriter(result.Length);
        rest.WriteByte((byte)'{');
        var reader = new Utf8JsonReader(result, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isTime = JsonText.TokenEquals(reader, "ttlMs"u8);
            var isScope = JsonText.TokenEquals(reader, "cacheScope"u8);
            reader.Read();
            if (isTime)
            {
                hints = hints with { TimeToLive = ReadTime(ref reader) };
            }
            else if (isScope)
            {
                // What is not known to be for everybody is for one.
                hints = hints with { Scope = reader.TokenType == JsonTokenType.String && JsonText.TokenEquals(reader, "public"u8) ? McpCacheScope.Public : McpCacheScope.Private };
            }

            reader.Skip();
            if (!isTime && !isScope)
            {
                rest.Write(rest.Length > 1 ? ","u8 : default);
                rest.Write(result[start..(int)reader.BytesConsumed]);
            }
        }

        rest.WriteByte((byte)'}');
        return rest.WrittenSpan.ToArray();
    }

    private static TimeSpan ReadTime(ref Utf8JsonReader reader)
    {
        // 31 days: the longest that anything is kept.
        const double Most = 31.0 * 86_400_000;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, Most)) : TimeSpan.Zero;
    }
}
