namespace Peregrine.Bench.Peers.Measuring;

/// <summary>The rates of a warm-up's windows, and whether they are still rising. Not thread-safe.</summary>
/// <remarks>Compiled into Peregrine.Bench.Micro as well: warm means the same in both.</remarks>
internal sealed class SteadyRates
{
    private const int Windows = 3;
    private const double Tolerance = 0.03;

    /// <summary>On a machine that others share three windows may never agree. A compiler that still improves the code shows as a new highest rate.</summary>
    private const int WindowsWithoutGain = 10;

    private readonly Queue<double> _last = new();
    private double _highest;
    private int _withoutGain;

    /// <summary>Adds a window.</summary>
    /// <returns>True where the last three windows agree within 3 %, or none of the last ten was faster than all before.</returns>
    public bool Add(double rate)
    {
        _withoutGain = rate > _highest ? 0 : _withoutGain + 1;
        _highest = Math.Max(_highest, rate);
        _last.Enqueue(rate);
        if (_last.Count > Windows)
            _ = _last.Dequeue();
        return _withoutGain >= WindowsWithoutGain || (_last.Count == Windows && _last.Max() - _last.Min() <= Tolerance * _last.Max());
    }
}
