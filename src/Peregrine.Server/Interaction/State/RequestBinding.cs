using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
        hash.AppendData(HashArguments(arguments.IsEmpty ? "{}"u8 : arguments));
        return hash.GetHashAndReset();
    }

    private static byte[] HashArguments(ReadOnlySpan<byte> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var json = JsonDocument.Parse(arguments.ToArray());
        try
        {
            AppendValue(hash, json.RootElement);
            return hash.GetHashAndReset();
        }
        catch (InvalidOperationException)
        {
            // Text that is none, a lone surrogate somewhere: then the arguments are what is written.
            return SHA256.HashData(arguments);
        }
    }

    // Every part is preceded by its kind or its length, so that no two values give the same bytes.
    private static void AppendValue(IncrementalHash hash, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                hash.AppendData("o"u8);
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    hash.AppendData("m"u8);
                    Append(hash, member.Name);
                    AppendValue(hash, member.Value);
                }

                hash.AppendData("e"u8);
                break;
            case JsonValueKind.Array:
                hash.AppendData("a"u8);
                foreach (var item in value.EnumerateArray())
                {
                    AppendValue(hash, item);
                }

                hash.AppendData("e"u8);
                break;
            case JsonValueKind.String:
                hash.AppendData("s"u8);
                Append(hash, value.GetString()!);
                break;
            case JsonValueKind.Number:
                hash.AppendData("n"u8);
                Append(hash, NumberOf(value));
                break;
            default:
                hash.AppendData(value.ValueKind switch { JsonValueKind.True => "t"u8, JsonValueKind.False => "f"u8, _ => "0"u8 });
                break;
        }
    }

    // 1, 1.0 and 10e-1 are one number. What decimal may not hold exactly stays as it is written.
    private static string NumberOf(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.Length > 27 || !value.TryGetDecimal(out var number)
            || (raw.AsSpan().ContainsAny('e', 'E') && (number == 0 || decimal.Truncate(number) != number)))
        {
            return raw;
        }

        // The division takes trailing zeros away.
        return number == 0 ? "0" : (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
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
