using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.PlantedBugs;

/// <summary>Takes a call out of those in flight before its result is recorded: a twin that comes in between is started.</summary>
internal sealed class StartsTwinsWhileRecording(ICallLedger inner, SimWorld world, SimProcess process) : FaultyLedger(inner)
{
    private readonly HashSet<CallKey> _recording = [];

    public override ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken) =>
        _recording.Contains(key) ? new(new LedgerAnswer(LedgerStatus.Started, Fence: -1)) : Inner.BeginAsync(key, claim, cancellationToken);

    public override async ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken)
    {
        if (fence == -1)
        {
            return true;
        }

        _recording.Add(key);
        await world.PauseAsync(process, TimeSpan.Zero);
        var completed = await Inner.CompleteAsync(key, fence, result, isFinal, cancellationToken);
        _recording.Remove(key);
        return completed;
    }
}
