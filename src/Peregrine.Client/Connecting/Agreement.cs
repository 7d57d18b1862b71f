using Peregrine.Client.Json;
using Peregrine.Client.Reliability;
using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Connecting;

/// <summary>What client and server have agreed on, and what the server told while doing so.</summary>
/// <param name="Version">The revision.</param>
/// <param name="Server">Who it says it is; null where it does not say.</param>
/// <param name="Instructions">How to use it, where it says.</param>
/// <param name="Capabilities">What it offers: a raw JSON object; empty where it does not say.</param>
internal sealed record Agreement(ProtocolVersion Version, ServerInfo? Server, string? Instructions, ReadOnlyMemory<byte> Capabilities)
{
    /// <summary>What it says about its ledger; null where it keeps none.</summary>
    internal TransactionSupport? Transactions { get; } = TransactionSupport.Read(Capabilities.Span);

    /// <summary>Reads the result of <c>initialize</c> or <c>server/discover</c>.</summary>
    internal static Agreement Read(ProtocolVersion version, ReadOnlySpan<byte> result)
    {
        // The stateless era moved serverInfo into _meta; some servers send it in both places, or in the old one only.
        var info = ObjectReader.Find(ObjectReader.Find(result, "_meta"u8), "io.modelcontextprotocol/serverInfo"u8);
        if (info.IsEmpty)
        {
            info = ObjectReader.Find(result, "serverInfo"u8);
        }

        var server = ObjectReader.FindText(info, "name"u8) is { } name
            ? new ServerInfo(name, ObjectReader.FindText(info, "version"u8) ?? "", ObjectReader.FindText(info, "title"u8))
            : null;
        return new Agreement(version, server, ObjectReader.FindText(result, "instructions"u8), ObjectReader.Find(result, "capabilities"u8).ToArray());
    }
}
