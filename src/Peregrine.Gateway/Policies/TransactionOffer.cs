using System.Text;
using Peregrine.Client.Json;

namespace Peregrine.Gateway.Policies;

/// <summary>What a server says that keeps keys of calls itself (<c>capabilities.experimental.mcp_tx</c>, or <c>rmcp</c> as it was called before). Immutable.</summary>
/// <param name="Epoch">Names what its ledger remembers; null where it does not say.</param>
internal sealed record TransactionOffer(string? Epoch)
{
    private const int MaxEpoch = 128;

    /// <summary>Reads the capabilities; null where they say nothing of it. Being there is what counts.</summary>
    internal static TransactionOffer? Read(ReadOnlySpan<byte> capabilities)
    {
        var experimental = ObjectReader.Find(capabilities, "experimental"u8);
        var offer = ObjectReader.Find(experimental, "mcp_tx"u8);
        offer = offer.IsEmpty ? ObjectReader.Find(experimental, "rmcp"u8) : offer;
        if (offer.IsEmpty)
        {
            return null;
        }

        var epoch = ObjectReader.FindText(offer, "epoch"u8);
        return new TransactionOffer(epoch is { Length: > 0 } && Encoding.UTF8.GetByteCount(epoch) <= MaxEpoch ? epoch : null);
    }
}
