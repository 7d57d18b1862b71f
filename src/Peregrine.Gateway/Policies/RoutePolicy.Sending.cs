using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Switches;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Policies;

/// <content>What surrounds the way to the server itself.</content>
internal sealed partial class RoutePolicy
{
    private readonly string[] _drops;
    private readonly RuntimeSwitch? _timeout;
    private readonly Bulkhead? _bulkhead;
    private readonly RuntimeSwitch? _bulkheadSwitch;
    private readonly AttemptPolicy<int>? _guarded;
    private readonly AttemptPolicy<int> _plain;
    private readonly RuntimeSwitch? _breakerSwitch;
    private readonly RetryRunner<int>? _retry;
    private readonly RuntimeSwitch? _retrySwitch;
    private readonly bool _isPlain;

    /// <summary>Sends the call and answers it. Never throws.</summary>
    internal ValueTask ExecuteAsync(McpExchange exchange, Upstream upstream, ForwardTarget target) =>
        _isPlain ? upstream.ForwardAsync(exchange, target) : SurroundAsync(exchange, upstream, target);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SurroundAsync(McpExchange exchange, Upstream upstream, ForwardTarget target)
    {
        var deadline = _timeout?.Decide() == true ? CallClock.Deadline(_settings.Timeout!.Value, _parts.Time) : 0;
        RateLimitLease? place = null;
        var mayHaveRun = false;
        try
        {
            if (_bulkhead is not null && _bulkheadSwitch!.Decide())
            {
                place = await EnterAsync(_bulkhead, deadline, exchange.CancellationToken).ConfigureAwait(false);
            }

            mayHaveRun = await SendAsync(exchange, upstream, target, deadline).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            Refuse(exchange, refused);
        }
        catch (OperationCanceledException)
        {
            if (exchange.IsCancelled || exchange.CancellationToken.IsCancellationRequested)
            {
                exchange.Fail(ErrorCodes.InternalError, "The call was cancelled");
            }
            else
            {
                exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: the call waited for its turn at \"{_server}\" for {_settings.Timeout!.Value.TotalSeconds:0.###} s, all the time it has; it was not sent", "{\"retryable\":true}"u8);
            }
        }
        finally
        {
            place?.Dispose();
        }

        // A tool that failed may have done half of its work. Before the caller is told, so that whoever asks after it finds nothing old.
        if (mayHaveRun && _drops.Length > 0 && exchange.Method == McpMethod.ToolsCall)
        {
            _parts.Cache.Invalidate(_drops);
        }

        JudgeSize(exchange);
    }

    // Gives true where the call may have run.
    private async ValueTask<bool> SendAsync(McpExchange exchange, Upstream upstream, ForwardTarget target, long deadline)
    {
        var retry = _retry is not null && _retrySwitch!.Decide() ? _retry : null;
        var guarded = _guarded is not null && _breakerSwitch!.Decide();
        if (retry is null && !guarded)
        {
            await upstream.ForwardAsync(exchange, target with { Timeout = CallClock.Left(deadline, _parts.Time) }).ConfigureAwait(false);
            return !HasNotRun(exchange.ErrorCode);
        }

        var mayRepeat = MayRepeat || exchange.Method != McpMethod.ToolsCall;
        var attempt = new ForwardAttempt(exchange, upstream, target, mayRepeat, retry is null ? null : _settings.Retry!.AttemptTimeout, deadline, _parts.Time);
        try
        {
            await (guarded ? _guarded! : _plain).RunAsync(attempt, retry, hedge: false, deadline, exchange.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (attempt.MayHaveRun && exception is RefusedException or OperationCanceledException)
        {
            // Between two attempts; what the first one said stands.
        }

        return attempt.MayHaveRun;
    }

    // Who waits for a place waits no longer than the call has.
    private async ValueTask<RateLimitLease> EnterAsync(Bulkhead bulkhead, long deadline, CancellationToken cancellationToken)
    {
        if (deadline == 0 || _settings.Bulkhead!.MaxQueued == 0)
        {
            return await bulkhead.EnterAsync(cancellationToken).ConfigureAwait(false);
        }

        using var patience = new CancellationTokenSource(CallClock.Left(deadline, _parts.Time), _parts.Time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await bulkhead.EnterAsync(waiting.Token).ConfigureAwait(false);
    }

    private void Refuse(McpExchange exchange, RefusedException refused)
    {
        if (refused.Reason == RefusalReason.BulkheadFull)
        {
            exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: as many calls run and wait at \"{_server}\" as may ({_settings.Bulkhead!.MaxConcurrent} and {_settings.Bulkhead.MaxQueued}); the call was not sent, retry when some have ended",
                "{\"retryable\":true}"u8);
            return;
        }

        var after = refused.RetryAfter ?? _settings.Breaker!.BreakDuration;
        var milliseconds = Math.Max(1, (long)Math.Ceiling(after.TotalMilliseconds));
        exchange.Fail(ErrorCodes.NoHealthyServer, $"Too many of the last calls to \"{_server}\" have failed, so for a while none is sent; this one was not. Retry later",
            System.Text.Encoding.UTF8.GetBytes($"{{\"retryable\":true,\"retryAfterMs\":{milliseconds}}}"));
        exchange.SetRetry(after, isServerBusy: true);
    }

    /// <summary>True where the error says that the call was refused before it ran.</summary>
    internal static bool HasNotRun(int code) => code is ErrorCodes.InvalidParams or ErrorCodes.MethodNotFound or ErrorCodes.Overloaded or ErrorCodes.Draining or ErrorCodes.NoHealthyServer;

    private void JudgeSize(McpExchange exchange)
    {
        if (exchange.ErrorCode == 0 && _settings.MaxResultBytes is { } most && exchange.Reply.Length + exchange.SharedResult.Length > most && _sizes!.Decide())
        {
            exchange.Fail(ErrorCodes.ResourceExhausted,
                $"The reply of \"{_server}\" has {exchange.Reply.Length + exchange.SharedResult.Length} bytes, more than the {most} that this gateway passes on; the call has run. Ask for less", "{\"retryable\":false}"u8);
        }
    }

    private (Bulkhead? Bulkhead, RuntimeSwitch? Switch) MakeBulkhead()
    {
        if (_settings.Bulkhead is not { } options)
        {
            return default;
        }

        return (_parts.Get(ScopeOf(PolicyKind.Bulkhead).Name, options, () => new Bulkhead(options)), SwitchOf(PolicyKind.Bulkhead));
    }

    // Breaker and budget are the scope's: all its tools are judged together, and share their retries.
    private (AttemptPolicy<int>? Guarded, AttemptPolicy<int> Plain, RuntimeSwitch? Switch) MakeAttempts()
    {
        var budget = Budget();
        var plain = new AttemptPolicy<int>(null, budget);
        if (_settings.Breaker is not { } options)
        {
            return (null, plain, null);
        }

        // With the server's name: a pattern may match tools of several.
        var guard = _parts.Get($"{ScopeOf(PolicyKind.Breaker).Name} {_server}", options, () => new AttemptGuard<int>(null, options, null, null, _parts.Time));
        return (new AttemptPolicy<int>(guard, budget), plain, SwitchOf(PolicyKind.Breaker));
    }

    private (RetryRunner<int>? Retry, RuntimeSwitch? Switch) MakeRetry() =>
        SwitchOf(PolicyKind.Retry) is { } isOn ? (new RetryRunner<int>(_settings.Retry!, Budget(), _parts.Random, _parts.Time), isOn) : default;

    private RetryBudget? Budget()
    {
        if (_settings.Retry is null)
        {
            return null;
        }

        var options = _settings.RetryBudget ?? new RetryBudgetOptions();
        return _parts.Get(ScopeOf(PolicyKind.Retry).Name, options, () => new RetryBudget(options, _parts.Time));
    }
}
