using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.PlantedBugs;

/// <summary>Lets who waits line up a moment after the look that said there is something to wait for: an end in that moment wakes nobody.</summary>
internal sealed class LosesWakeUps(ICallLedger inner, SimWorld world, SimProcess process) : FaultyLedger(inner)
{
    private readonly Dictionary<CallKey, List<ScheduledCompletion<LedgerAnswer>>> _waiting = [];

    public override async ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken)
    {
        var kept = result.ToArray();
        var completed = await Inner.CompleteAsync(key, fence, new ReadOnlySequence<byte>(kept), isFinal, cancellationToken);
        if (_waiting.Remove(key, out var waiting))
        {
            waiting.ForEach(waiter => waiter.TryComplete(new LedgerAnswer(LedgerStatus.Completed, Result: kept)));
        }

        return completed;
    }

    public override async ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken)
    {
        await world.PauseAsync(process, TimeSpan.Zero);
        if (!_waiting.TryGetValue(key, out var waiting))
        {
            _waiting.Add(key, waiting = []);
        }

        var waiter = new ScheduledCompletion<LedgerAnswer>(new SimScheduler(world, process));
        waiting.Add(waiter);
        return await waiter.Task;
    }
}
