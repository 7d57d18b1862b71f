using System.Text.Json;
using Peregrine.Client.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Caching;

/// <summary>What a server says about keeping a result.</summary>
/// <param name="TimeToLive">How long; zero for not at all.</param>
/// <param name="IsPublic">True where everybody may be given it.</param>
internal readonly record struct CacheDirective(TimeSpan TimeToLive, bool IsPublic)
{
    /// <summary>Reads a result. One that is not complete is never kept: it asks a question of one caller.</summary>
    internal static CacheDirective Read(ReadOnlySpan<byte> result)
    {
        var milliseconds = 0L;
        var isPublic = false;
        var members = new ObjectReader(result);
        while (members.Next())
        {
            if (members.Is("ttlMs"u8))
            {
                milliseconds = Integer(members.Value);
            }
            else if (members.Is("cacheScope"u8))
            {
                isPublic = JsonText.ContentEquals(members.Value, "public"u8);
            }
            else if (members.Is("resultType"u8) && !JsonText.ContentEquals(members.Value, "complete"u8))
            {
                return default;
            }
        }

        return new CacheDirective(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, (long)TimeSpan.FromDays(365).TotalMilliseconds)), isPublic);
    }

    private static long Integer(ReadOnlySpan<byte> raw)
    {
        var reader = new Utf8JsonReader(raw);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : 0;
    }
}
