using Peregrine.Client.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Reads what a server says it offers.</summary>
internal static class OfferedCapabilities
{
    /// <summary>True where the raw JSON object has the member, and it is an object.</summary>
    internal static bool Has(ReadOnlySpan<byte> capabilities, ReadOnlySpan<byte> name) => JsonText.IsObject(ObjectReader.Find(capabilities, name));
}
