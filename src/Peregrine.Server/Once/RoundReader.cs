using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Peregrine.Execution.Keys;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Once;

/// <summary>Tells the rounds of one call apart (2026-07-28): the first brings nothing, the others bring a state and answers. No state.</summary>
internal static class RoundReader
{
    /// <summary>0 for the first round; for others a number made of what they bring. The sealed state guards what it means, so 63 bits are enough to tell rounds apart.</summary>
    internal static long Read(McpExchange exchange)
    {
        var parameters = exchange.Envelope.Params.Of(exchange.Body.Span);
        if (exchange.Era != ProtocolEra.Stateless || parameters.IsEmpty)
        {
            return 0;
        }

        IncrementalHash? hash = null;
        var reader = new Utf8JsonReader(parameters);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var counts = JsonText.TokenEquals(reader, "requestState"u8) || JsonText.TokenEquals(reader, "inputResponses"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (counts)
            {
                hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                CanonicalJson.AppendTo(hash, parameters[start..(int)reader.BytesConsumed]);
            }
        }

        if (hash is null)
        {
            return 0;
        }

        using (hash)
        {
            Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(bytes);
            return (BinaryPrimitives.ReadInt64LittleEndian(bytes) & long.MaxValue) | 1;
        }
    }
}
