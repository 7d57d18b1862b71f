using Peregrine.Execution.Ledger;

namespace Peregrine.Simulation.World;

/// <summary>Awaits of the world: where a process may be killed, and others go on meanwhile.</summary>
internal static class SimPause
{
    internal static ValueTask<bool> PauseAsync(this SimWorld world, SimProcess process, TimeSpan time)
    {
        var completion = new ScheduledCompletion<bool>(new SimScheduler(world, process));
        if (time == TimeSpan.Zero)
        {
            completion.TryComplete(true);
        }
        else
        {
            world.After(process, time, () => completion.TryComplete(true));
        }

        return completion.Task;
    }

    /// <summary>A pause of up to so many milliseconds, often none.</summary>
    internal static ValueTask<bool> PauseAsync(this SimWorld world, SimProcess process, int atMost) =>
        world.PauseAsync(process, world.Chance(0.4) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(world.Random.NextDouble() * atMost));
}
