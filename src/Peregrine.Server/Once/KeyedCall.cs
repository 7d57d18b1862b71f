using System.Buffers;
using System.Text;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Interaction;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Once;

/// <summary>
/// One call that names a key, or asks for an acknowledgement. The tool runs on a copy of the request, so that the end of the caller's connection does not end it: the caller comes back for
/// its result. Only who cancels cancels.
/// </summary>
internal sealed class KeyedCall(OnceCalls calls, OnceStep step, McpToolHandler tool, McpExchange exchange)
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
        if (transaction.Timestamp - calls.Time.GetUtcNow() > calls.Options.ClockAllowance)
        {
            Refuse(ErrorCodes.InvalidParams,
                $"Invalid params: _meta.mcp_tx.timestamp lies more than {calls.Options.ClockAllowance} in the future; the clocks of client and server are too far apart to tell how old a key is",
                retryable: false, processed: false);
            return default;
        }

        if (transaction.Key.Length == 0)
        {
            return RunWithoutKeyAsync();
        }

        Claim();
        return RunKeyedAsync();
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
            TakesUnknown = tool.CanReconcile || MayRunAgain,
        };
    }

    // A retry whose key may have been forgotten, with this ledger or since, is not a first attempt.
    private bool MustBeKnown => _transaction.RetryCount > 0
        && (_transaction.Epoch != calls.Ledger.Epoch || _transaction.Timestamp is not { } sent || calls.Time.GetUtcNow() - sent > calls.Options.Window);

    private bool MayRunAgain => tool.Definition.ReadOnly == true || tool.Definition.Idempotent == true;

    private async ValueTask RunKeyedAsync()
    {
        try
        {
            var answer = await KeyClaim.ClaimAsync(calls.Ledger, _key, _claim, exchange.CancellationToken).ConfigureAwait(false);

            calls.NoteFull(answer.Status == LedgerStatus.Full);
            if (answer.Status == LedgerStatus.Started)
            {
                await RunStartedAsync(answer).ConfigureAwait(false);
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
            OnceLog.LedgerFailed(calls.Logger, tool.Name, exception);
            Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: the ledger of keyed calls failed; ask again with the same key", retryable: true, processed: null);
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
                Refuse(ErrorCodes.ResourceExhausted, "Resource exhausted: the ledger of keyed calls is full or cannot be written, so the call has not run; try again later",
                    retryable: true, processed: false);
                break;
            case LedgerStatus.Expired:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: the server does not know this key any more, so it cannot tell whether an earlier attempt ran; it has not run again",
                    retryable: false, processed: null);
                break;
            default:
                Refuse(ErrorCodes.OutcomeUnknown, "Outcome unknown: whether the call ran cannot be told; it has not run again", retryable: false, processed: null);
                break;
        }
    }

    private async ValueTask RunStartedAsync(LedgerAnswer started)
    {
        var copy = DetachedExchange.Of(exchange, canStream: false);
        var lease = LeaseKeeper.Start(calls.Ledger, _key, started.Fence, _claim.Lease, calls.Time);
        var cancellation = exchange.CancellationToken.UnsafeRegister(_ =>
        {
            if (!exchange.IsConnectionLost)
            {
                copy.Cancel();
            }
        }, null);
        try
        {
            var happened = started.MayHaveRun && !MayRunAgain ? await ReconcileAsync(copy).ConfigureAwait(false) : McpReconciliationOutcome.DidNotHappen;
            if (happened == McpReconciliationOutcome.DidNotHappen)
            {
                await step.RunToolAsync(tool, copy).ConfigureAwait(false);
            }

            if (copy.Unfinished is { } unfinished)
            {
                // Answered as timed out: the key stays in flight until the tool has returned.
                exchange.TakeReply(copy);
                AddToError(ack: true, processed: null);
                var held = lease;
                lease = null;
                unfinished.OnEnded(ended => _ = EndLateAsync(ended, started.Fence, held));
            }
            else if (happened == McpReconciliationOutcome.Unknown)
            {
                await calls.Ledger.AbandonAsync(_key, started.Fence, mayHaveRun: true, CancellationToken.None).ConfigureAwait(false);
                AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
            }
            else
            {
                await EndAsync(copy, started.Fence, answersCaller: true).ConfigureAwait(false);
            }
        }
        finally
        {
            lease?.Dispose();
            await cancellation.DisposeAsync().ConfigureAwait(false);
            copy.Return();
        }
    }

    private async ValueTask<McpReconciliationOutcome> ReconcileAsync(DetachedExchange copy)
    {
        try
        {
            var call = new McpCall(copy, calls.Server);
            var found = await tool.ReconcileAsync(Encoding.UTF8.GetString(_transaction.Key), call, copy.CancellationToken).ConfigureAwait(false);
            if (found.Outcome == McpReconciliationOutcome.Happened)
            {
                call.ReturnReconciled(found);
            }

            return found.Outcome;
        }
        catch (Exception exception)
        {
            OnceLog.ReconciliationFailed(calls.Logger, tool.Name, exception);
            return McpReconciliationOutcome.Unknown;
        }
    }

    private async Task EndLateAsync(McpExchange ended, long fence, ITimer? lease)
    {
        try
        {
            await EndAsync(ended, fence, answersCaller: false).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            OnceLog.LedgerFailed(calls.Logger, tool.Name, exception);
        }

        lease?.Dispose();
    }

    // Writes into the ledger what the tool returned, then answers the caller where there still is one.
    private async ValueTask EndAsync(McpExchange ended, long fence, bool answersCaller)
    {
        using var stored = new PooledByteWriter(1024);
        var kind = StoredResult.TryCapture(ended, stored);
        if (kind == CapturedKind.InputRequired)
        {
            StoredResult.CaptureQuestion(ended, stored);
        }

        bool owned;
        if (kind is CapturedKind.Result or CapturedKind.InputRequired)
        {
            owned = await calls.Ledger.CompleteAsync(_key, fence, new ReadOnlySequence<byte>(stored.WrittenMemory), kind == CapturedKind.Result, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            owned = await calls.Ledger.AbandonAsync(_key, fence, mayHaveRun: !HasNotRun(ended.ErrorCode), CancellationToken.None).ConfigureAwait(false);
        }

        if (!answersCaller)
        {
            return;
        }

        if (!owned)
        {
            AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
        }
        else if (kind is CapturedKind.Result or CapturedKind.InputRequired)
        {
            Replay(stored.WrittenSpan, duplicate: false);
        }
        else
        {
            exchange.TakeReply(ended);
            AddToError(ack: false, processed: HasNotRun(exchange.ErrorCode) ? false : null);
        }
    }

    // What these say is said before the tool's own code runs, or by a tool that has asked for what its client cannot give and begins from the top the next time.
    private static bool HasNotRun(int code) => code is ErrorCodes.InvalidParams or ErrorCodes.Overloaded or ErrorCodes.TimedOut or ErrorCodes.Draining
        or ErrorCodes.MissingRequiredClientCapability or InteractionReplies.UrlElicitationRequired;

    private async ValueTask RunWithoutKeyAsync()
    {
        await step.RunToolAsync(tool, exchange).ConfigureAwait(false);
        using var stored = new PooledByteWriter(1024);
        switch (StoredResult.TryCapture(exchange, stored))
        {
            case CapturedKind.Result:
                Replay(stored.WrittenSpan, duplicate: false);
                break;
            case CapturedKind.Error:
                AddToError(ack: exchange.Unfinished is not null, processed: exchange.Unfinished is null && HasNotRun(exchange.ErrorCode) ? false : null);
                break;
        }
    }

    private void Replay(ReadOnlySpan<byte> stored, bool duplicate)
    {
        using var meta = new PooledByteWriter(256);
        if (_transaction.WantsAnswer)
        {
            TransactionWriter.Write(meta, _transaction, calls.Ledger.Epoch, ack: true, processed: true, duplicate);
        }

        StoredResult.Replay(exchange, calls.Server, stored, meta.WrittenSpan);
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
