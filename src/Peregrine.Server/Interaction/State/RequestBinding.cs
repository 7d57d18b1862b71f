using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Execution.Keys;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Interaction.State;

/// <summary>
/// Which request a state belongs to: who called, the method, the tool, prompt or resource, and the arguments, as one hash. Arguments that mean the same give the same: a client may
/// write them anew for a retry. No state.
/// </summary>
internal static class RequestBinding
{
    internal const int Length = SHA256.HashSizeInBytes;

    /// <summary>The binding of a request. Its body must be there.</summary>
    internal static byte[] Of(McpExchange exchange)
    {
        var body = exchange.Body.Span;
        ref readonly var envelope = ref exchange.Envelope;
        return Of(exchange.Principal, exchange.Method, exchange.Method == McpMethod.ResourcesRead ? envelope.Uri.Of(body) : envelope.Name.Of(body), envelope.Arguments.Of(body));
    }

    /// <summary>The binding of a request.</summary>
    /// <param name="principal">The authenticated caller; null for an anonymous one.</param>
    /// <param name="method">The method.</param>
    /// <param name="subject">The raw name or URI.</param>
    /// <param name="arguments">The raw arguments; empty where absent, which is the same as an empty object.</param>
    internal static byte[] Of(string? principal, McpMethod method, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([principal is null ? (byte)0 : (byte)1]);
        Append(hash, principal ?? "");
        Append(hash, method.ToUtf8());
        _ = JsonText.TryGetString(subject, out var name);
        Append(hash, name ?? "");
        CanonicalJson.AppendTo(hash, arguments.IsEmpty ? "{}"u8 : arguments);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string text) => Append(hash, Encoding.UTF8.GetBytes(text));

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
