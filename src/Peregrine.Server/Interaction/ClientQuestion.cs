using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Interaction;

/// <summary>One question to a client: a request of the session era, an input request of the stateless era.</summary>
/// <typeparam name="T">What the answer is read as.</typeparam>
internal abstract class ClientQuestion<T>
    where T : class
{
    /// <summary>The method.</summary>
    internal abstract ReadOnlySpan<byte> Method { get; }

    /// <summary>Writes <c>params</c>, an object.</summary>
    internal abstract void WriteParams(PooledByteWriter writer, ProtocolVersion version);

    /// <summary>Why a client of this revision cannot be asked, and what it would have to declare; null where it can.</summary>
    internal abstract McpMissingCapabilityException? Missing(McpClientCapabilities client, ProtocolVersion version);

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The raw JSON value; the answer may keep it.</param>
    /// <param name="root">The same, parsed.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>What is wrong with it; null where it was read.</returns>
    protected abstract string? Read(ReadOnlyMemory<byte> json, JsonElement root, out T? answer);

    /// <summary>Reads an answer.</summary>
    /// <returns>What is wrong with it; null where it was read.</returns>
    internal string? Read(ReadOnlyMemory<byte> json, out T? answer)
    {
        using var document = JsonDocument.Parse(json);
        answer = null;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return "it must be an object";
        }

        try
        {
            return Read(json, document.RootElement, out answer);
        }
        catch (InvalidOperationException)
        {
            // A name with half a character: JSON allows it, and it is no text.
            return "a name in it is no proper text";
        }
    }
}
