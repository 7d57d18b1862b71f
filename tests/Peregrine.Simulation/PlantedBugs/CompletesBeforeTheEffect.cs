using System.Buffers;
using System.Text;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Simulation.PlantedBugs;

/// <summary>Records that a call has completed before it runs.</summary>
internal sealed class CompletesBeforeTheEffect(ICallLedger inner) : FaultyLedger(inner)
{
    // The stored form: members, the length of the own _meta, flags.
    private static readonly byte[] Promised = [.. Encoding.UTF8.GetBytes("\"content\":[{\"type\":\"text\",\"text\":\"paid\"}]"), 0, 0, 0, 0, 0];

    public override async ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken)
    {
        var answer = await Inner.BeginAsync(key, claim, cancellationToken);
        if (answer.Status == LedgerStatus.Started)
        {
            await Inner.CompleteAsync(key, answer.Fence, new ReadOnlySequence<byte>(Promised), isFinal: true, cancellationToken);
        }

        return answer;
    }

    public override ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken) => new(true);
}
