using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Once;

/// <summary>What a call with a key claims, and what it is answered beside its own reply: in servers and in the gateway the same. A value.</summary>
/// <param name="exchange">The call.</param>
/// <param name="transaction">What it says of its key.</param>
/// <param name="ledger">Where keys are kept.</param>
/// <param name="options">How long they are.</param>
/// <param name="time">The clock.</param>
/// <param name="identity">As what it is answered.</param>
internal readonly struct KeyReply(McpExchange exchange, Transaction transaction, ICallLedger ledger, OnceOptions options, TimeProvider time, ServerIdentity identity)
{
    /// <summary>What the call says of its key.</summary>
    internal Transaction Transaction => transaction;

    /// <summary>What the key is told by: whose it is, for what, and itself.</summary>
    internal CallKey Key
    {
        get
        {
            Span<byte> buffer = stackalloc byte[256];
            _ = JsonText.TryGetContent(exchange.Envelope.Name.Of(exchange.Body.Span), buffer, out var name);
            var principal = exchange.Principal is { } named ? "named:" + named : exchange.NetworkTransport == "pipe" ? "peer" : "anonymous";
            return CallKey.Of(principal, name, transaction.Key);
        }
    }

    // A retry whose key may have been forgotten, with this ledger or since, is not a first attempt.
    private bool MustBeKnown => transaction.RetryCount > 0
        && (transaction.Epoch != ledger.Epoch || transaction.Timestamp is not { } sent || time.GetUtcNow() - sent > options.Window);

    /// <summary>What the call claims of the ledger.</summary>
    /// <param name="takesUnknown">True where it may run although an earlier attempt may have.</param>
    internal LedgerClaim Claim(bool takesUnknown) => new()
    {
        Arguments = ArgumentHash.Of(exchange.Envelope.Arguments.Of(exchange.Body.Span)),
        Round = RoundReader.Read(exchange),
        Lease = ledger.Durability == Durability.Cluster ? options.Lease : Timeout.InfiniteTimeSpan,
        Window = options.Window + options.ClockAllowance,
        MustBeKnown = MustBeKnown,
        TakesUnknown = takesUnknown,
    };

    /// <summary>Judges when the call says it was sent first.</summary>
    /// <returns>False where that lies in the future; then it was answered.</returns>
    internal bool TryJudgeTime()
    {
        if (transaction.Timestamp - time.GetUtcNow() > options.ClockAllowance)
        {
            Refuse(ErrorCodes.InvalidParams,
                $"Invalid params: _meta.mcp_tx.timestamp lies more than {options.ClockAllowance} in the future; the clocks of client and server are too far apart to tell how old a key is",
                retryable: false, processed: false);
            return false;
        }

        return true;
    }

    /// <summary>Answers with what the ledger says of a call that does not run.</summary>
    internal void AnswerFromLedger(in LedgerAnswer answer)
    {
        switch (answer.Status)
        {
            case LedgerStatus.Completed or LedgerStatus.Asking:
                Replay(answer.Result.Span, duplicate: true);
                break;
            case LedgerStatus.Conflict:
                Refuse(ErrorCodes.IdempotencyConflict, "Idempotency conflict: this key stands for a call with other arguments, or for another round of it that is under way; use a new key for a new call",
                    retryable: false, processed: false);
                break;
            case LedgerStatus.Full:
                Refuse(ErrorCodes.ResourceExhausted, "Resource exhausted: the ledger of keyed calls is full or cannot be written, so the call has not run; try again later",
                    retryable: true, processed: false);
                break;
            case LedgerStatus.Expired:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: this key is not known any more, so whether an earlier attempt ran cannot be told; it has not run again",
                    retryable: false, processed: null);
                break;
            default:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: whether the call ran cannot be told; it has not run again", retryable: false, processed: null);
                break;
        }
    }

    /// <summary>Answers a caller who cancels while another call with its key runs.</summary>
    internal void RefuseCancelled() => Refuse(ErrorCodes.Overloaded, "The call was cancelled while another one with its key was running", retryable: true, processed: null);

    /// <summary>Answers where the ledger itself failed.</summary>
    internal void RefuseForLedger() => Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: the ledger of keyed calls failed; ask again with the same key", retryable: true, processed: null);

    /// <summary>Answers with a stored result.</summary>
    internal void Replay(ReadOnlySpan<byte> stored, bool duplicate)
    {
        using var meta = new PooledByteWriter(256);
        if (transaction.WantsAnswer)
        {
            TransactionWriter.Write(meta, transaction, ledger.Epoch, ack: true, processed: true, duplicate);
        }

        StoredResult.Replay(exchange, identity, stored, meta.WrittenSpan);
    }

    /// <summary>Adds to the error that the exchange is answered with what became of the key, where the call wants to know.</summary>
    /// <param name="ack">True where the key is known.</param>
    /// <param name="processed">Whether the call has run; null where that cannot be told.</param>
    internal void AddToError(bool ack, bool? processed)
    {
        if (transaction.WantsAnswer)
        {
            using var member = new PooledByteWriter(256);
            TransactionWriter.Write(member, transaction, ledger.Epoch, ack, processed, duplicate: false);
            TransactionWriter.AddToError(exchange, member.WrittenSpan);
        }
    }

    private void Refuse(int code, string message, bool retryable, bool? processed)
    {
        exchange.Fail(code, message, retryable ? "{\"retryable\":true}"u8 : "{\"retryable\":false}"u8);
        AddToError(ack: processed is null, processed);
    }
}
