using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Simulation.PlantedBugs;

/// <summary>Has a result told though the disk does not have it: with the process it is lost, and whoever asks again is told another one.</summary>
internal sealed class TellsWhatIsNotWritten(ICallLedger inner) : FaultyLedger(inner)
{
    public override async ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken)
    {
        try
        {
            return await Inner.CompleteAsync(key, fence, result, isFinal, cancellationToken);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
