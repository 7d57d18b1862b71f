using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// One call that names a key. A server that keeps keys gets the key, and its word counts: two ledgers for one key would be two truths. For any other server the gateway's own ledger sees to it
/// that the call is sent once; then it is made on a copy of the request, so that the end of the caller's connection does not end it: the caller comes back for its result.
/// </summary>
internal sealed class KeyedForward(KeptCalls calls, RoutePolicy route, Upstream upstream, ForwardTarget target, McpExchange exchange)
{
    private Transaction _transaction = null!;
    private CallKey _key;
    private LedgerClaim _claim;

    /// <summary>Answers the call.</summary>
    internal ValueTask RunAsync()
    {
        if (!TransactionReader.TryRead(exchange, out var transaction, out var fault))
        {
            exchange.Fail(ErrorCodes.InvalidParams, fault);
            return default;
        }

        _transaction = transaction;
        if (transaction.Key.Length == 0)
        {
            return route.ExecuteAsync(exchange, upstream, target);
        }

        if (upstream.KeepsKeys)
        {
            return PassOn();
        }

        if (transaction.Timestamp - calls.Time.GetUtcNow() > calls.Options.ClockAllowance)
        {
            Refuse(ErrorCodes.InvalidParams,
                $"Invalid params: _meta.mcp_tx.timestamp lies more than {calls.Options.ClockAllowance} in the future; the clocks of client and gateway are too far apart to tell how old a key is",
                retryable: false, processed: false);
            return default;
        }

        Claim();
        return RunKeyedAsync();
    }

    private ValueTask PassOn()
    {
        if (!_transaction.WantsAnswer)
        {
            using var message = new PooledByteWriter(exchange.Body.Length + 512);
            KeyMessages.WriteWithKey(message, exchange, _transaction.Key);
            return PassOnAsync(message.WrittenSpan);
        }

        // What a client was told is the gateway's epoch. As long as this gateway has seen one ledger behind it, both say the same: that nothing was forgotten since the first attempt.
        if (upstream.KeyEpoch is { } epoch && calls.IsOneLedger(upstream.Name, epoch) && _transaction.Epoch == calls.Ledger.Epoch)
        {
            using var message = new PooledByteWriter(exchange.Body.Length + 128);
            KeyMessages.WriteWithEpoch(message, exchange, epoch);
            return PassOnAsync(message.WrittenSpan);
        }

        return route.ExecuteAsync(exchange, upstream, target);
    }

    // The message is read before the method returns.
    private ValueTask PassOnAsync(ReadOnlySpan<byte> message)
    {
        if (!EnvelopeReader.TryRead(message, out var changed))
        {
            exchange.Fail(ErrorCodes.InternalError, "Internal error: the gateway could not pass the key on");
            return default;
        }

        var copy = DetachedExchange.Of(exchange, canStream: false);
        copy.Load(message, changed);
        return ExecuteAsync(copy, target with { Key = target.Key.IsPresent ? changed.Name : default });
    }

    private async ValueTask ExecuteAsync(DetachedExchange copy, ForwardTarget changed)
    {
        var cancellation = FollowCancellation(copy, alsoLost: true);
        try
        {
            await route.ExecuteAsync(copy, upstream, changed).ConfigureAwait(false);
            exchange.TakeReply(copy);
        }
        finally
        {
            await cancellation.DisposeAsync().ConfigureAwait(false);
            copy.Return();
        }
    }

    private void Claim()
    {
        var body = exchange.Body.Span;
        Span<byte> buffer = stackalloc byte[256];
        _ = JsonText.TryGetContent(exchange.Envelope.Name.Of(body), buffer, out var name);
        var principal = exchange.Principal is { } named ? "named:" + named : exchange.NetworkTransport == "pipe" ? "peer" : "anonymous";
        _key = CallKey.Of(principal, name, _transaction.Key);
        _claim = new LedgerClaim
        {
            Arguments = ArgumentHash.Of(exchange.Envelope.Arguments.Of(body)),
            Round = RoundReader.Read(exchange),
            Lease = calls.Ledger.Durability == Durability.Cluster ? calls.Options.Lease : Timeout.InfiniteTimeSpan,
            Window = calls.Options.Window + calls.Options.ClockAllowance,
            MustBeKnown = MustBeKnown,
            TakesUnknown = route.MayRepeat,
        };
    }

    // A retry whose key may have been forgotten, with this ledger or since, is not a first attempt.
    private bool MustBeKnown => _transaction.RetryCount > 0
        && (_transaction.Epoch != calls.Ledger.Epoch || _transaction.Timestamp is not { } sent || calls.Time.GetUtcNow() - sent > calls.Options.Window);

    private async ValueTask RunKeyedAsync()
    {
        try
        {
            var answer = await KeyClaim.ClaimAsync(calls.Ledger, _key, _claim, exchange.CancellationToken).ConfigureAwait(false);

            if (answer.Status == LedgerStatus.Started)
            {
                await RunStartedAsync(answer.Fence).ConfigureAwait(false);
            }
            else
            {
                AnswerFromLedger(answer);
            }
        }
        catch (OperationCanceledException) when (exchange.CancellationToken.IsCancellationRequested)
        {
            Refuse(ErrorCodes.Overloaded, "The call was cancelled while another one with its key was running", retryable: true, processed: null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PolicyLog.LedgerFailed(calls.Logger, upstream.Name, exception);
            Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: the gateway's ledger of keyed calls failed; ask again with the same key", retryable: true, processed: null);
        }
    }

    private void AnswerFromLedger(in LedgerAnswer answer)
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
                Refuse(ErrorCodes.ResourceExhausted, "Resource exhausted: the gateway's ledger of keyed calls is full or cannot be written, so the call was not sent; try again later", retryable: true, processed: false);
                break;
            case LedgerStatus.Expired:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: the gateway does not know this key any more, so it cannot tell whether an earlier attempt ran; it was not sent again", retryable: false, processed: null);
                break;
            default:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: whether the call ran cannot be told; it was not sent again", retryable: false, processed: null);
                break;
        }
    }

    private async ValueTask RunStartedAsync(long fence)
    {
        var copy = DetachedExchange.Of(exchange, canStream: false);
        var lease = LeaseKeeper.Start(calls.Ledger, _key, fence, _claim.Lease, calls.Time);
        var cancellation = FollowCancellation(copy, alsoLost: false);
        try
        {
            await route.ExecuteAsync(copy, upstream, target).ConfigureAwait(false);
            await EndAsync(copy, fence).ConfigureAwait(false);
        }
        finally
        {
            lease?.Dispose();
            await cancellation.DisposeAsync().ConfigureAwait(false);
            copy.Return();
        }
    }

    // Only who cancels cancels: who has lost its connection comes back for the result.
    private CancellationTokenRegistration FollowCancellation(DetachedExchange copy, bool alsoLost)
    {
        var generation = copy.Generation;
        return exchange.CancellationToken.UnsafeRegister(_ =>
        {
            if (alsoLost || !exchange.IsConnectionLost)
            {
                copy.CancelIf(generation);
            }
        }, null);
    }

    // Writes into the ledger what the server returned, then answers the caller where there still is one.
    private async ValueTask EndAsync(DetachedExchange ended, long fence)
    {
        using var stored = new PooledByteWriter(1024);
        var kind = Capture(ended, stored);
        var hasResult = kind is CapturedKind.Result or CapturedKind.InputRequired;
        var owned = hasResult
            ? await calls.Ledger.CompleteAsync(_key, fence, new ReadOnlySequence<byte>(stored.WrittenMemory), kind == CapturedKind.Result, CancellationToken.None).ConfigureAwait(false)
            : await calls.Ledger.AbandonAsync(_key, fence, mayHaveRun: !RoutePolicy.HasNotRun(ended.ErrorCode), CancellationToken.None).ConfigureAwait(false);
        if (!owned)
        {
            AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
        }
        else if (hasResult)
        {
            Replay(stored.WrittenSpan, duplicate: false);
        }
        else
        {
            exchange.TakeReply(ended);
            AddToError(ack: false, processed: RoutePolicy.HasNotRun(exchange.ErrorCode) ? false : null);
        }
    }

    private static CapturedKind Capture(DetachedExchange ended, PooledByteWriter stored)
    {
        if (ended.ErrorCode == 0)
        {
            // The bridge passes results on as bytes; the ledger wants to know whether the tool failed.
            var reply = ended.CompleteReply().Span;
            ended.IsToolError = EnvelopeReader.TryRead(reply, out var envelope) && ResultFacts.Read(envelope.Result.Of(reply)).IsToolError;
        }

        var kind = StoredResult.TryCapture(ended, stored);
        if (kind == CapturedKind.InputRequired)
        {
            StoredResult.CaptureQuestion(ended, stored);
        }

        return kind;
    }

    private void Replay(ReadOnlySpan<byte> stored, bool duplicate)
    {
        using var meta = new PooledByteWriter(256);
        if (_transaction.WantsAnswer)
        {
            TransactionWriter.Write(meta, _transaction, calls.Ledger.Epoch, ack: true, processed: true, duplicate);
        }

        StoredResult.Replay(exchange, calls.Identity, stored, meta.WrittenSpan);
    }

    private void Refuse(int code, string message, bool retryable, bool? processed)
    {
        exchange.Fail(code, message, retryable ? "{\"retryable\":true}"u8 : "{\"retryable\":false}"u8);
        AddToError(ack: processed is null, processed);
    }

    private void AddToError(bool ack, bool? processed)
    {
        if (_transaction.WantsAnswer)
        {
            using var member = new PooledByteWriter(256);
            TransactionWriter.Write(member, _transaction, calls.Ledger.Epoch, ack, processed, duplicate: false);
            TransactionWriter.AddToError(exchange, member.WrittenSpan);
        }
    }
}
