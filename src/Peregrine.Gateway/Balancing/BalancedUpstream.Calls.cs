using System.Runtime.CompilerServices;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Keys;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;

namespace Peregrine.Gateway.Balancing;

/// <content>Calls: which member gets them, and when another one does.</content>
internal sealed partial class BalancedUpstream
{
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private protected override async ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, ForwardTarget target)
    {
        var started = _time.GetTimestamp();
        var timeout = target.Timeout > TimeSpan.Zero ? target.Timeout : _callTimeout;
        var barred = BarredFor(exchange, target, out var left);
        if (left == 0)
        {
            exchange.Fail(ErrorCodes.NoHealthyServer, $"All members of the server \"{Name}\" are out of use; the call was not sent. Retry later", "{\"retryable\":true}"u8);
            return RequestOutcome.Unavailable;
        }

        var tried = barred;
        var (balancer, key) = Route(exchange);
        try
        {
            while (true)
            {
                var member = Choose(balancer, tried, key) ?? await WaitForMemberAsync(balancer, barred, key, started, timeout, exchange.CancellationToken).ConfigureAwait(false);
                if (member is null)
                {
                    exchange.Fail(ErrorCodes.NoHealthyServer, $"No member of the server \"{Name}\" is up; the call was not sent. Retry later", "{\"retryable\":true}"u8);
                    return RequestOutcome.Unavailable;
                }

                var outcome = await AskAsync(member, exchange, target with { Timeout = Remaining(started, timeout) }).ConfigureAwait(false);

                // Not sent, so another member may have it; each is asked once.
                if (outcome != RequestOutcome.Unavailable || --left == 0 || exchange.IsCancelled || _time.GetElapsedTime(started) >= timeout)
                {
                    return outcome;
                }

                tried.Add(member.Target);
            }
        }
        catch (OperationCanceledException)
        {
            exchange.Fail(ErrorCodes.InternalError, "The call was cancelled");
            return RequestOutcome.Cancelled;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<RequestOutcome> AskAsync(BalancedMember member, McpExchange exchange, ForwardTarget target)
    {
        // Cancelled unless it ends otherwise, so that a trial never hangs.
        var outcome = RequestOutcome.Cancelled;
        member.Target.Begin();
        try
        {
            outcome = await member.Upstream.AnswerForAsync(exchange, target).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            member.Target.End();
            member.Note(outcome);
        }
    }

    private TimeSpan Remaining(long started, TimeSpan timeout)
    {
        var remaining = timeout - _time.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.FromTicks(1);
    }

    private BalancedMember? Choose(Balancer balancer, in TriedTargets tried, ulong key) => balancer.Pick(_targets, tried, key) is { } target ? _members[target.Index] : null;

    // A key is known to the member that saw it first, so its call goes there as long as that one is up.
    private (Balancer Balancer, ulong Key) Route(McpExchange exchange)
    {
        if (exchange.Envelope.Transaction.IsPresent && TransactionReader.TryRead(exchange, out var transaction, out _) && transaction.Key.Length > 0)
        {
            return (_pinned, HashKey.Of(transaction.Key));
        }

        if (_options.Strategy != BalancingStrategy.ConsistentHash)
        {
            return (_balancer, 0);
        }

        return (_balancer, _options.HashBy == BalancingKey.Client ? HashKey.Of(System.Text.Encoding.UTF8.GetBytes(_clients.Of(exchange))) : HashOfCall(exchange));
    }

    private static ulong HashOfCall(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        var name = HashKey.Of((envelope.Uri.IsPresent ? envelope.Uri : envelope.Name).Of(body));
        Span<byte> arguments = stackalloc byte[ArgumentHash.Length];
        ArgumentHash.Of(envelope.Arguments.Of(body)).CopyTo(arguments);
        return HashKey.Of(arguments, name);
    }

    // Null where there will be none in time. Where all that are connected are out of use, one of them is asked all the same: it cannot be worse than no answer.
    private async ValueTask<BalancedMember?> WaitForMemberAsync(Balancer balancer, TriedTargets barred, ulong key, long started, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (Choose(balancer, barred, key) is { } member)
            {
                return member;
            }

            if (LeastBusy(barred) is { } connected)
            {
                return connected;
            }

            var remaining = timeout - _time.GetElapsedTime(started);
            if (BestState() is UpstreamState.Failing or UpstreamState.Stopped || remaining <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await changed.WaitAsync(remaining, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    // Those that their operator has taken out of use. And a member whose tool is not as pinned, and withheld for it, must not get calls that the same tool of another is offered for.
    private TriedTargets BarredFor(McpExchange exchange, in ForwardTarget target, out int left)
    {
        var barred = default(TriedTargets);
        left = _members.Length;
        var tool = exchange.Method == McpMethod.ToolsCall ? target.Item?.Item.Key : null;
        foreach (var member in _members)
        {
            if (member.IsTakenOut || (tool is not null && member.Upstream.Pins?.Withholds(tool) == true))
            {
                barred.Add(member.Target);
                left--;
            }
        }

        return barred;
    }

    private BalancedMember? LeastBusy(in TriedTargets barred)
    {
        BalancedMember? best = null;
        foreach (var member in _members)
        {
            if (member.Upstream.Connections > 0 && !barred.Contains(member.Target) && (best is null || member.Target.Load < best.Target.Load))
            {
                best = member;
            }
        }

        return best;
    }
}
