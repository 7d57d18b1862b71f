namespace Peregrine.Load.Workloads;

/// <summary>Where the generators of one operation stand, for one worker. Not thread-safe.</summary>
internal sealed class ArgumentState
{
    private readonly long[] _counters;
    private readonly int _step;

    /// <summary>Makes a state.</summary>
    /// <param name="pieces">Pieces of the arguments.</param>
    /// <param name="random">Where random values come from.</param>
    /// <param name="worker">The worker's number, from 0.</param>
    /// <param name="workers">How many workers: each counts on its own, and no two use the same number.</param>
    internal ArgumentState(int pieces, Random random, int worker, int workers)
    {
        Random = random;
        _counters = new long[pieces];
        Array.Fill(_counters, worker);
        _step = workers;
    }

    internal Random Random { get; }

    internal long Next(int piece)
    {
        var value = _counters[piece];
        _counters[piece] += _step;
        return value;
    }
}
