using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Peregrine.Client.Pipeline;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Balancing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pool;

/// <summary>The last step of a pool: one attempt at one of its servers. Thread-safe.</summary>
internal sealed class PoolSender(PoolSlot[] slots, Balancer balancer, BalancingStrategy strategy, ILogger logger) : RequestPipeline
{
    private readonly BalancingTarget[] _targets = [.. slots.Select(static slot => slot.Target)];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal override async ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var record = request.State as CallRecord;
        var slot = Choose(request, record);
        slot.NoteRequest();
        slot.Target.Begin();
        try
        {
            var client = slot.Client ?? throw new McpTransportException(TransportFault.ConnectFailed, $"{slot.Target.Name} has not been reached yet.");
            var reply = await client.Pipeline.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Note(slot, record, reply);
            return reply;
        }
        catch (Exception exception)
        {
            NoteFailure(slot, record, exception);
            throw;
        }
        finally
        {
            slot.Target.End();
        }
    }

    private PoolSlot Choose(ClientRequest request, CallRecord? record)
    {
        if (record is { MayHaveRun: true, Route.Last: { } last, Transaction.IsProtected: true } && request.Safety == RequestSafety.Unknown)
        {
            return WithLedgerOf(slots[last.Index]);
        }

        var tried = record?.Route?.Tried ?? default;
        var key = strategy == BalancingStrategy.ConsistentHash ? KeyOf(request) : 0;
        var target = balancer.Pick(_targets, tried, key)
            ?? throw new CallNotSentException(ErrorCodes.NoHealthyServer, $"None of the {slots.Length} servers is healthy; the call was not sent.");
        if (record is not null)
        {
            (record.Route ??= new PoolRoute()).Add(target);
        }

        return slots[target.Index];
    }

    // Only the ledger that knows of the first attempt can tell whether it ran: that of its server, or one that all servers share.
    private PoolSlot WithLedgerOf(PoolSlot first)
    {
        if (first.Target.Health.TryTake())
        {
            return first;
        }

        if (EpochOf(first) is { Length: > 0 } epoch)
        {
            foreach (var slot in slots)
            {
                if (EpochOf(slot) is { Length: > 0 } other && other.Span.SequenceEqual(epoch.Span) && slot.Target.Health.TryTake())
                {
                    return slot;
                }
            }
        }

        throw new McpTransportException(
            TransportFault.ConnectionLost, $"{first.Target.Name}, whose ledger knows whether the call ran, is not healthy; it was not sent to another.", mayHaveRun: true);
    }

    private static ReadOnlyMemory<byte>? EpochOf(PoolSlot slot) => slot.Client?.Link.Current.Agreement.Transactions?.Epoch;

    private void Note(PoolSlot slot, CallRecord? record, in McpReply reply)
    {
        if (reply.IsError && reply.ErrorCode is ErrorCodes.Draining or ErrorCodes.NoHealthyServer)
        {
            slot.Target.Health.EjectNow();
            NoteOthers(record);
        }
        else if (reply.IsError && reply.ErrorCode == ErrorCodes.Overloaded)
        {
            slot.Target.Health.Undecided();
            NoteOthers(record);
        }
        else
        {
            slot.Target.Health.Succeeded();
        }
    }

    private void NoteFailure(PoolSlot slot, CallRecord? record, Exception exception)
    {
        var wasEjected = slot.Target.Health.IsEjected;
        slot.NoteFailure(exception);
        if (!wasEjected && slot.Target.Health.IsEjected)
        {
            PoolLog.Ejected(logger, slot.Target.Name, exception.Message);
        }

        NoteOthers(record);
    }

    private void NoteOthers(CallRecord? record)
    {
        if (record?.Route is { } route)
        {
            var tried = route.Tried;
            route.HasOtherTarget = Array.Exists(_targets, target => target.Health.IsAvailable && !tried.Contains(target));
        }
    }

    private static ulong KeyOf(ClientRequest request) => request.Options?.AffinityKey is { } key
        ? HashKey.Of(Encoding.UTF8.GetBytes(key))
        : HashKey.Of(request.Arguments.Span, HashKey.Of(request.Head.Span));
}
