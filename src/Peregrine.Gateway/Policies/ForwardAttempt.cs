using Peregrine.Execution.Resilience;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Policies;

/// <summary>One call on its way to a server, which can be tried several times: each attempt's reply takes the place of the one before. Gives the error code of the reply; 0 for a result.</summary>
/// <param name="exchange">The call.</param>
/// <param name="upstream">The server.</param>
/// <param name="target">What it is about.</param>
/// <param name="mayRepeat">True where it does no harm to run it twice.</param>
/// <param name="attemptTime">How long one attempt may take; null for all the time there is.</param>
/// <param name="deadline">A timestamp of the clock at which the call ends; 0 for none but the server's own.</param>
/// <param name="time">The clock.</param>
internal sealed class ForwardAttempt(McpExchange exchange, Upstream upstream, ForwardTarget target, bool mayRepeat, TimeSpan? attemptTime, long deadline, TimeProvider time) : IAttempt<int>
{
    /// <summary>True once an attempt may have run, whatever the last one says.</summary>
    internal bool MayHaveRun { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<int> RunAsync(int number, CancellationToken cancellationToken)
    {
        var left = CallClock.Left(deadline, time);
        var limit = attemptTime is { } own && (left == TimeSpan.Zero || own < left) ? own : left;
        await upstream.ForwardAsync(exchange, target with { Timeout = limit }).ConfigureAwait(false);
        MayHaveRun |= !RoutePolicy.HasNotRun(exchange.ErrorCode);
        return exchange.ErrorCode;
    }

    /// <inheritdoc/>
    public AttemptVerdict Judge(in int result)
    {
        if (result == 0 || exchange.IsCancelled || exchange.CancellationToken.IsCancellationRequested)
        {
            return AttemptVerdict.Final;
        }

        return result switch
        {
            // Not sent, or refused before it ran: whatever it is, it has not run.
            ErrorCodes.NoHealthyServer => new AttemptVerdict(Retry: !IsForGood, IsFailure: true),
            ErrorCodes.Overloaded or ErrorCodes.Draining => new AttemptVerdict(Retry: true, IsFailure: false),
            ErrorCodes.TimedOut or ErrorCodes.OutcomeUnknown or ErrorCodes.InternalError => new AttemptVerdict(mayRepeat, IsFailure: true),
            _ => AttemptVerdict.Final,
        };
    }

    /// <inheritdoc/>
    public AttemptVerdict Judge(Exception exception) => AttemptVerdict.Final;

    // Credentials that are refused now will be refused the next time.
    private bool IsForGood => exchange.Reply.WrittenSpan.IndexOf("\"retryable\":false"u8) >= 0;
}
