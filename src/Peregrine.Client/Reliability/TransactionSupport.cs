using Peregrine.Client.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Reliability;

/// <summary>What a server says about its ledger (<c>capabilities.experimental.mcp_tx</c>).</summary>
/// <param name="Epoch">Names what the ledger remembers: a raw JSON value, repeated as it is; empty where it says none. Another epoch means that it has forgotten.</param>
/// <param name="Durability">What it survives: <c>memory</c>, <c>journal</c> or <c>cluster</c>; null where it does not say.</param>
internal sealed record TransactionSupport(ReadOnlyMemory<byte> Epoch, string? Durability)
{
    private const int MaxEpochLength = 128;

    /// <summary>Reads the server's capabilities; null where it keeps no ledger.</summary>
    internal static TransactionSupport? Read(ReadOnlySpan<byte> capabilities)
    {
        var experimental = ObjectReader.Find(capabilities, "experimental"u8);
        var support = ObjectReader.Find(experimental, "mcp_tx"u8);
        if (support.IsEmpty)
        {
            support = ObjectReader.Find(experimental, "rmcp"u8);
        }

        // The value is not looked at where it is no object: being there is what counts.
        if (support.IsEmpty || !OffersKeys(ObjectReader.Find(support, "features"u8)))
        {
            return null;
        }

        var epoch = ObjectReader.Find(support, "epoch"u8);
        return new TransactionSupport(
            epoch.Length is > 0 and <= MaxEpochLength && epoch[0] is not ((byte)'{' or (byte)'[') ? epoch.ToArray() : default,
            ObjectReader.FindText(support, "durability"u8));
    }

    private static bool OffersKeys(ReadOnlySpan<byte> features)
    {
        if (features.IsEmpty)
        {
            return true;
        }

        var elements = new ArrayReader(features);
        while (elements.Next())
        {
            if (JsonText.ContentEquals(elements.Value, "idempotency"u8))
            {
                return true;
            }
        }

        return false;
    }
}
