using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources;
using Peregrine.Server.Scheduling;

namespace Peregrine.Server.Caching;

/// <summary>Answers calls of one tool or resource from the cache, or has one call answer all that ask the same. Thread-safe.</summary>
internal sealed class CachedCalls(ResultCache cache, CacheRules rules, ICallTarget target)
{
    private readonly CacheGroup _group = new(rules.Name, rules.Duration);

    /// <summary>Answers the call.</summary>
    /// <param name="handler">What is called.</param>
    /// <param name="exchange">The call.</param>
    /// <param name="label">The name or URI that its result can be cleared by.</param>
    internal ValueTask RunAsync(McpHandler handler, McpExchange exchange, string label)
    {
        if (!cache.TryUse(CacheBypass.IsWanted(exchange)))
        {
            return target.RunAsync(handler, exchange);
        }

        var arguments = exchange.Envelope.Arguments.Of(exchange.Body.Span);
        var lookup = cache.Look(KeyOf(exchange, arguments), rules.Tags.For(arguments), label);
        switch (lookup.Answer)
        {
            case CacheAnswer.Hit:
                CachedReply.Answer(exchange, lookup.Result, Hint(lookup.Left), rules.Scope);
                return default;
            case CacheAnswer.Lead:
                return LeadAsync(handler, exchange, lookup.Fill!);
            default:
                return FollowAsync(handler, exchange, lookup.Fill!);
        }
    }

    private CacheKey KeyOf(McpExchange exchange, ReadOnlySpan<byte> arguments)
    {
        var hash = exchange.Method == McpMethod.ResourcesRead
            ? CanonicalJson.Hash(exchange.Envelope.Uri.Of(exchange.Body.Span))
            : ArgumentHash.Of(arguments);
        return new CacheKey(_group, hash, rules.Scope == McpCacheScope.Public ? null : exchange.Principal, (int)exchange.Version);
    }

    // The run belongs to all who ask, so it goes on where the first of them goes away.
    private ValueTask LeadAsync(McpHandler handler, McpExchange exchange, CacheFill fill)
    {
        var run = DetachedExchange.Of(exchange, canStream: false);
        var generation = run.Generation;
        fill.OnAbandoned(() => run.CancelIf(generation));
        var making = MakeAsync(handler, run, fill);
        if (!making.IsCompleted)
        {
            return AwaitAsync(handler, exchange, fill, run);
        }

        return Finish(handler, exchange, fill.Outcome.GetAwaiter().GetResult(), run);
    }

    private async Task MakeAsync(McpHandler handler, DetachedExchange run, CacheFill fill)
    {
        byte[]? result = null;
        var code = ErrorCodes.InternalError;
        try
        {
            await target.RunAsync(handler, run).ConfigureAwait(false);
            result = CachedReply.Take(run, out code);
        }
        finally
        {
            // Whatever happened: somebody may wait. Where the reply is for the first caller alone, that one takes the exchange over.
            var isShared = result is not null;
            if (isShared)
            {
                run.Return();
            }

            cache.Complete(fill, result, storable: isShared && code == 0, code);
        }
    }

    private ValueTask FollowAsync(McpHandler handler, McpExchange exchange, CacheFill fill) =>
        fill.Outcome.IsCompleted ? Finish(handler, exchange, fill.Outcome.GetAwaiter().GetResult(), run: null) : AwaitAsync(handler, exchange, fill, run: null);

    private async ValueTask AwaitAsync(McpHandler handler, McpExchange exchange, CacheFill fill, DetachedExchange? run)
    {
        FillOutcome outcome;
        try
        {
            outcome = await fill.Outcome.WaitAsync(exchange.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            fill.Leave();
            handler.ReturnFailure(exchange, rules.Server, "The call was cancelled.");
            if (run is not null)
            {
                _ = ReturnUnsharedAsync(fill, run);
            }

            return;
        }

        await Finish(handler, exchange, outcome, run).ConfigureAwait(false);
    }

    // What was made for the first caller alone belongs to nobody where that one has gone.
    private static async Task ReturnUnsharedAsync(CacheFill fill, DetachedExchange run)
    {
        var outcome = await fill.Outcome.ConfigureAwait(false);
        if (outcome.Result is null)
        {
            run.Return();
        }
    }

    private ValueTask Finish(McpHandler handler, McpExchange exchange, in FillOutcome outcome, DetachedExchange? run)
    {
        if (outcome.Result is not null)
        {
            CachedReply.Answer(exchange, outcome, outcome.IsStored ? Hint(outcome.Left) : TimeSpan.Zero, rules.Scope);
            return default;
        }

        if (run is null)
        {
            // What was made was for one alone, such as a question to a client.
            return target.RunAsync(handler, exchange);
        }

        exchange.TakeReply(run);
        run.Return();
        return default;
    }

    // What the author promises holds; else what is left of the time in the cache.
    private TimeSpan Hint(TimeSpan left) => rules.ClientTime > TimeSpan.Zero ? rules.ClientTime : left;
}
