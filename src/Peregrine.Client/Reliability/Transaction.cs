using System.Globalization;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Reliability;

/// <summary>What the attempts of one keyed call have in common, and how they say it (<c>_meta.mcp_tx</c>). Used by one call.</summary>
internal sealed class Transaction
{
    private readonly Guid _requestId;
    private readonly DateTimeOffset _firstAttempt;
    private readonly ReadOnlyMemory<byte> _otherMeta;
    private ReadOnlyMemory<byte> _epoch;
    private bool _begun;

    /// <param name="key">The idempotency key.</param>
    /// <param name="requestId">The same for all attempts.</param>
    /// <param name="firstAttempt">When the call began.</param>
    /// <param name="otherMeta">What else the request has in <c>_meta</c>, raw members; empty for nothing.</param>
    internal Transaction(string key, Guid requestId, DateTimeOffset firstAttempt, ReadOnlyMemory<byte> otherMeta)
    {
        Key = key;
        _requestId = requestId;
        _firstAttempt = firstAttempt;
        _otherMeta = otherMeta;
    }

    internal string Key { get; }

    /// <summary>True once an attempt went out under the key to a server that keeps a ledger.</summary>
    internal bool IsProtected { get; private set; }

    /// <summary>What the request has in <c>_meta</c> where the server keeps no ledger.</summary>
    internal ReadOnlyMemory<byte> MetaWithout => _otherMeta;

    /// <summary>Takes note that an attempt goes out without the ledger's protection.</summary>
    internal void BeginWithout() => IsProtected = false;

    /// <summary>The members of <c>_meta</c> for the next attempt.</summary>
    /// <param name="support">What its server says about its ledger.</param>
    /// <param name="retries">How many attempts came before.</param>
    /// <param name="timeout">How long the attempt may take; zero where there is no bound.</param>
    internal byte[] Begin(TransactionSupport support, int retries, TimeSpan timeout)
    {
        if (!_begun)
        {
            _begun = true;
            _epoch = support.Epoch;
        }

        IsProtected = true;
        using var writer = new PooledByteWriter(320);
        if (!_otherMeta.IsEmpty)
        {
            writer.Write(_otherMeta.Span);
            writer.WriteByte((byte)',');
        }

        writer.Write("\"mcp_tx\":{\"version\":\"0.1.0\",\"request_id\":\""u8);
        _requestId.TryFormat(writer.GetSpan(36), out var written);
        writer.Advance(written);
        writer.Write("\",\"idempotency_key\":"u8);
        JsonStringWriter.WriteString(writer, Key);
        writer.Write(",\"expect_ack\":true,\"retry_count\":"u8);
        JsonRpcWriter.WriteInteger(writer, retries);
        if (timeout > TimeSpan.Zero)
        {
            writer.Write(",\"timeout_ms\":"u8);
            JsonRpcWriter.WriteInteger(writer, (long)Math.Clamp(timeout.TotalMilliseconds, 1, 7_200_000));
        }

        // A ledger that has another epoch by now has forgotten what became of the first attempt; it must be told so, or it would run the call again.
        if (retries > 0 && !_epoch.IsEmpty)
        {
            writer.Write(",\"epoch\":"u8);
            writer.Write(_epoch.Span);
        }

        writer.Write(",\"timestamp\":\""u8);
        _firstAttempt.UtcDateTime.TryFormat(writer.GetSpan(32), out written, "yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        writer.Advance(written);
        writer.Write("\"}"u8);
        return writer.WrittenSpan.ToArray();
    }
}
