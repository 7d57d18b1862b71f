using System.Diagnostics;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>How long a server was loaded before it was measured.</summary>
/// <param name="Seconds">Length of all windows.</param>
/// <param name="IsSteady">Whether the last three windows agreed within 3 %; false when the limit came first.</param>
internal sealed record WarmUp(double Seconds, bool IsSteady)
{
    private const int Windows = 3;
    private const double Tolerance = 0.03;

    /// <summary>Loads until three windows in a row agree, or <paramref name="limit"/> has passed.</summary>
    public static WarmUp UntilSteady(ILoad load, TimeSpan window, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        var rates = new Queue<double>();
        while (true)
        {
            rates.Enqueue(load.Run(window).CallsPerSecond);
            if (rates.Count > Windows)
                rates.Dequeue();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (rates.Count == Windows && rates.Max() - rates.Min() <= Tolerance * rates.Max())
                return new WarmUp(seconds, IsSteady: true);
            if (seconds >= limit.TotalSeconds)
                return new WarmUp(seconds, IsSteady: false);
        }
    }
}
