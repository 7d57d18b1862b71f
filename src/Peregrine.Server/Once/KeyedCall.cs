using System.Buffers;
using System.Text;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
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
    private KeyReply _reply;
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

        _reply = new KeyReply(exchange, transaction, calls.Ledger, calls.Options, calls.Time, calls.Server.Identity);
        if (!_reply.TryJudgeTime())
        {
            return default;
        }

        if (transaction.Key.Length == 0)
        {
            return RunWithoutKeyAsync();
        }

        _key = _reply.Key;
        _claim = _reply.Claim(takesUnknown: tool.CanReconcile || MayRunAgain);
        return RunKeyedAsync();
    }

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
                _reply.AnswerFromLedger(answer);
            }
        }
        catch (OperationCanceledException) when (exchange.CancellationToken.IsCancellationRequested)
        {
            _reply.RefuseCancelled();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            OnceLog.LedgerFailed(calls.Logger, tool.Name, exception);
            _reply.RefuseForLedger();
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
                _reply.AddToError(ack: true, processed: null);
                var held = lease;
                lease = null;
                unfinished.OnEnded(ended => _ = EndLateAsync(ended, started.Fence, held));
            }
            else if (happened == McpReconciliationOutcome.Unknown)
            {
                await calls.Ledger.AbandonAsync(_key, started.Fence, mayHaveRun: true, CancellationToken.None).ConfigureAwait(false);
                _reply.AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
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
            var found = await tool.ReconcileAsync(Encoding.UTF8.GetString(_reply.Transaction.Key), call, copy.CancellationToken).ConfigureAwait(false);
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
            _reply.AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
        }
        else if (kind is CapturedKind.Result or CapturedKind.InputRequired)
        {
            _reply.Replay(stored.WrittenSpan, duplicate: false);
        }
        else
        {
            exchange.TakeReply(ended);
            _reply.AddToError(ack: false, processed: HasNotRun(exchange.ErrorCode) ? false : null);
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
                _reply.Replay(stored.WrittenSpan, duplicate: false);
                break;
            case CapturedKind.Error:
                _reply.AddToError(ack: exchange.Unfinished is not null, processed: exchange.Unfinished is null && HasNotRun(exchange.ErrorCode) ? false : null);
                break;
        }
    }
}
