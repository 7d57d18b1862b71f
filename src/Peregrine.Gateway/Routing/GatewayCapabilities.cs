using Peregrine.Protocol.Versions;

namespace Peregrine.Gateway.Routing;

/// <summary>
/// What the gateway says it offers. The same whatever stands behind it: servers come and go while clients stay, and a list may be empty.
/// </summary>
internal static class GatewayCapabilities
{
    /// <summary>The capabilities under a revision with a further member, a raw JSON object.</summary>
    internal static byte[] With(ProtocolVersion version, ReadOnlySpan<byte> further) => further.IsEmpty ? For(version).ToArray() : [.. For(version)[..^1], (byte)',', .. further, (byte)'}'];

    /// <summary>The capabilities under a revision, a raw JSON object.</summary>
    internal static ReadOnlySpan<byte> For(ProtocolVersion version) => version == ProtocolVersion.V2024_11_05
        ? "{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},\"resources\":{\"subscribe\":true,\"listChanged\":true},\"logging\":{}}"u8
        : "{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},\"resources\":{\"subscribe\":true,\"listChanged\":true},\"completions\":{},\"logging\":{}}"u8;
}
