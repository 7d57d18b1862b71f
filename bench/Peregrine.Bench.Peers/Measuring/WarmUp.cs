using System.Diagnostics;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>How long a server was loaded before it was measured.</summary>
/// <param name="Seconds">Length of all windows.</param>
/// <param name="IsSteady">Whether the last three windows agreed within 3 %, or ten windows brought no higher rate; false when the limit came first.</param>
internal sealed record WarmUp(double Seconds, bool IsSteady)
{
    private const int Windows = 3;
    private const double Tolerance = 0.03;

    /// <summary>On a machine that others share three windows may never agree. A compiler that still improves the code shows as a new highest rate.</summary>
    private const int WindowsWithoutGain = 10;

    /// <summary>Loads until three windows in a row agree or none of ten was faster than all before, but for at least <paramref name="atLeast"/>, or <paramref name="limit"/> has passed.</summary>
    public static WarmUp UntilSteady(ILoad load, TimeSpan window, TimeSpan atLeast, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        var rates = new Queue<double>();
        double highest = 0;
        int withoutGain = 0;
        while (true)
        {
            double rate = load.Run(window).CallsPerSecond;
            withoutGain = rate > highest ? 0 : withoutGain + 1;
            highest = Math.Max(highest, rate);
            rates.Enqueue(rate);
            if (rates.Count > Windows)
                rates.Dequeue();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bool isSteady = withoutGain >= WindowsWithoutGain || (rates.Count == Windows && rates.Max() - rates.Min() <= Tolerance * rates.Max());
            if (isSteady && seconds >= atLeast.TotalSeconds)
                return new WarmUp(seconds, IsSteady: true);
            if (seconds >= limit.TotalSeconds)
                return new WarmUp(seconds, IsSteady: false);
        }
    }
}
