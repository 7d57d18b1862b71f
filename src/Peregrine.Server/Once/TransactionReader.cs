using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Once;

/// <summary>Reads <c>_meta.mcp_tx</c> and <c>Idempotency-Key</c>. No state.</summary>
internal static class TransactionReader
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    internal const int MaxKeyLength = 256;

    private const int MaxTextLength = 128;

    // 16 bytes take 22 characters of base64: less cannot hold as many.
    private const int MinAnonymousKeyLength = 22;

    /// <summary>True where the request has something to read.</summary>
    internal static bool IsPresent(McpExchange exchange) =>
        exchange.Envelope.Transaction.IsPresent || (exchange.HasHeaders && exchange.FindHeader(McpHeaderNames.IdempotencyKey, out _) > 0);

    /// <summary>Reads it.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="transaction">What it says.</param>
    /// <param name="fault">What is wrong; null where nothing is.</param>
    internal static bool TryRead(McpExchange exchange, [NotNullWhen(true)] out Transaction? transaction, [NotNullWhen(false)] out string? fault)
    {
        transaction = null;
        var raw = exchange.Envelope.Transaction.Of(exchange.Body.Span);
        if ((fault = ReadHeader(exchange, out var header)) is not null || (fault = Read(raw, out var members)) is not null)
        {
            return false;
        }

        var key = members.Key ?? header;
        if (members.Key is not null && header is not null && members.Key != header)
        {
            fault = $"Invalid params: the header {McpHeaderNames.IdempotencyKey} and _meta.mcp_tx.idempotency_key name two keys; send one";
            return false;
        }

        if ((fault = JudgeKey(key, exchange)) is not null)
        {
            return false;
        }

        transaction = new Transaction
        {
            Key = key is null ? [] : Encoding.UTF8.GetBytes(key),
            RequestId = members.RequestId ?? [],
            RetryCount = members.RetryCount,
            Timestamp = members.Timestamp,
            Epoch = members.Epoch,
            WantsAnswer = !raw.IsEmpty,
        };
        return true;
    }

    private static string? JudgeKey(string? key, McpExchange exchange)
    {
        if (key is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(key) || Encoding.UTF8.GetByteCount(key) > MaxKeyLength)
        {
            return $"Invalid params: an idempotency key must not be blank and has at most {MaxKeyLength} bytes";
        }

        return exchange.NetworkTransport != "pipe" && exchange.Principal is null && key.Length < MinAnonymousKeyLength
            ? $"Invalid params: callers without a name share their keys with each other, so a key needs 16 random bytes, which take {MinAnonymousKeyLength} characters at least; "
              + "use a random UUID, or sign in"
            : null;
    }

    private static string? ReadHeader(McpExchange exchange, out string? key)
    {
        key = null;
        if (!exchange.HasHeaders || exchange.FindHeader(McpHeaderNames.IdempotencyKey, out var value) is not (> 0 and var count))
        {
            return null;
        }

        if (count > 1)
        {
            return $"Invalid params: there is more than one header {McpHeaderNames.IdempotencyKey}";
        }

        // A string of RFC 8941, with its quotes; many send it without.
        value = value.Trim();
        key = value is ['"', .., '"'] ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : value;
        return null;
    }

    private static string? Read(ReadOnlySpan<byte> raw, out Members members)
    {
        members = default;
        if (raw.IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(raw);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "Invalid params: _meta.mcp_tx must be an object";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var fault = ReadMember(ref reader, raw, ref members);
            if (fault is not null)
            {
                return $"Invalid params: _meta.mcp_tx.{fault}";
            }
        }

        return null;
    }

    private static string? ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> raw, ref Members members)
    {
        if (JsonText.TokenEquals(reader, "idempotency_key"u8))
        {
            return ReadText(ref reader, MaxKeyLength, out members.Key) ? null : $"idempotency_key must be a string of 1 to {MaxKeyLength} bytes";
        }

        if (JsonText.TokenEquals(reader, "request_id"u8))
        {
            if (!ReadText(ref reader, MaxTextLength, out _))
            {
                return $"request_id must be a string of 1 to {MaxTextLength} bytes";
            }

            members.RequestId = raw[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].ToArray();
            return null;
        }

        if (JsonText.TokenEquals(reader, "retry_count"u8))
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out members.RetryCount) && members.RetryCount >= 0
                ? null : "retry_count must be an integer, 0 or more";
        }

        if (JsonText.TokenEquals(reader, "timestamp"u8))
        {
            return ReadTime(ref reader, out members.Timestamp) ? null : "timestamp must be a date and time of ISO 8601, UTC where it has no offset";
        }

        if (JsonText.TokenEquals(reader, "epoch"u8))
        {
            return ReadText(ref reader, MaxTextLength, out members.Epoch) ? null : $"epoch must be a string of 1 to {MaxTextLength} bytes";
        }

        reader.Read();
        reader.Skip();
        return null;
    }

    private static bool ReadText(ref Utf8JsonReader reader, int limit, out string? text)
    {
        text = null;
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0 && reader.ValueSpan.Length <= limit * 6
            && JsonText.TryGetTokenString(reader, out text) && Encoding.UTF8.GetByteCount(text) <= limit;
    }

    private static bool ReadTime(ref Utf8JsonReader reader, out DateTimeOffset? time)
    {
        time = null;
        if (!ReadText(ref reader, MaxTextLength, out var text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            return false;
        }

        time = parsed;
        return true;
    }

    private struct Members
    {
        internal string? Key;
        internal byte[]? RequestId;
        internal int RetryCount;
        internal DateTimeOffset? Timestamp;
        internal string? Epoch;
    }
}
