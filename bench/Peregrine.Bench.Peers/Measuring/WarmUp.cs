using System.Diagnostics;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>How long a server was loaded before it was measured.</summary>
/// <param name="Seconds">Length of all windows.</param>
/// <param name="IsSteady">Whether the last three windows agreed within 3 %, or ten windows brought no higher rate; false when the limit came first.</param>
internal sealed record WarmUp(double Seconds, bool IsSteady)
{
    /// <summary>Loads until three windows in a row agree or none of ten was faster than all before, but for at least <paramref name="atLeast"/>, or <paramref name="limit"/> has passed.</summary>
    public static WarmUp UntilSteady(ILoad load, TimeSpan window, TimeSpan atLeast, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        var rates = new SteadyRates();
        while (true)
        {
            bool isSteady = rates.Add(load.Run(window).CallsPerSecond);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (isSteady && seconds >= atLeast.TotalSeconds)
                return new WarmUp(seconds, IsSteady: true);
            if (seconds >= limit.TotalSeconds)
                return new WarmUp(seconds, IsSteady: false);
        }
    }
}
