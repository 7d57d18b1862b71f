using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
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

        _reply = new KeyReply(exchange, transaction, calls.Ledger, calls.Options, calls.Time, calls.Identity);
        if (transaction.Key.Length == 0)
        {
            return route.ExecuteAsync(exchange, upstream, target);
        }

        if (upstream.KeepsKeys)
        {
            return PassOn();
        }

        if (!_reply.TryJudgeTime())
        {
            return default;
        }

        _key = _reply.Key;
        _claim = _reply.Claim(takesUnknown: route.MayRepeat);
        return RunKeyedAsync();
    }

    private ValueTask PassOn()
    {
        if (!_reply.Transaction.WantsAnswer)
        {
            using var message = new PooledByteWriter(exchange.Body.Length + 512);
            KeyMessages.WriteWithKey(message, exchange, _reply.Transaction.Key);
            return PassOnAsync(message.WrittenSpan);
        }

        // What a client was told is the gateway's epoch. As long as this gateway has seen one ledger behind it, both say the same: that nothing was forgotten since the first attempt.
        if (upstream.KeyEpoch is { } epoch && calls.IsOneLedger(upstream.Name, epoch) && _reply.Transaction.Epoch == calls.Ledger.Epoch)
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
                _reply.AnswerFromLedger(answer);
            }
        }
        catch (OperationCanceledException) when (exchange.CancellationToken.IsCancellationRequested)
        {
            _reply.RefuseCancelled();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PolicyLog.LedgerFailed(calls.Logger, upstream.Name, exception);
            _reply.RefuseForLedger();
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
            _reply.AnswerFromLedger(new LedgerAnswer(LedgerStatus.Unknown));
        }
        else if (hasResult)
        {
            _reply.Replay(stored.WrittenSpan, duplicate: false);
        }
        else
        {
            exchange.TakeReply(ended);
            _reply.AddToError(ack: false, processed: RoutePolicy.HasNotRun(exchange.ErrorCode) ? false : null);
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
}
