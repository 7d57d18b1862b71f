using Peregrine.Client.Json;

namespace Peregrine.Client.Reliability;

/// <summary>How the client says that it speaks <c>mcp_tx</c>.</summary>
internal static class TransactionCapability
{
    private static ReadOnlySpan<byte> Member => "\"mcp_tx\":{\"version\":\"0.1.0\",\"features\":[\"ack\",\"retry\",\"idempotency\"]}"u8;

    /// <summary>Puts it into the capabilities of <c>initialize</c>.</summary>
    /// <param name="capabilities">What the client declares besides: a raw JSON object.</param>
    internal static byte[] AddTo(ReadOnlySpan<byte> capabilities)
    {
        var experimental = ObjectReader.Find(capabilities, "experimental"u8);
        if (experimental.IsEmpty)
        {
            return Insert(capabilities, capabilities.IndexOf((byte)'{') + 1, [.. "\"experimental\":{"u8, .. Member, (byte)'}']);
        }

        // Somebody's own word, or nothing to put it into: left as it is.
        if (experimental[0] != (byte)'{' || !ObjectReader.Find(experimental, "mcp_tx"u8).IsEmpty)
        {
            return capabilities.ToArray();
        }

        capabilities.Overlaps(experimental, out var at);
        return Insert(capabilities, at + 1, Member);
    }

    private static byte[] Insert(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> member)
    {
        var rest = json[at..].TrimStart(" \t\r\n"u8);
        return rest[0] == (byte)'}'
            ? [.. json[..at], .. member, .. rest]
            : [.. json[..at], .. member, (byte)',', .. rest];
    }
}
