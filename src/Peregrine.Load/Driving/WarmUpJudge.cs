using Peregrine.Load.Results;

namespace Peregrine.Load.Driving;

/// <summary>Decides when a server is warm: three seconds in a row agree.</summary>
internal static class WarmUpJudge
{
    private const int Windows = 3;
    private const double ThroughputTolerance = 1.05;
    private const double LatencyTolerance = 1.10;

    /// <summary>True where the last seconds agree: in throughput, and in an open loop, where throughput is given, in their median.</summary>
    internal static bool IsSettled(IReadOnlyList<SeriesPoint> points, bool isOpen)
    {
        if (points.Count < Windows + 1)
        {
            // The first second holds the connecting.
            return false;
        }

        var last = points.Skip(points.Count - Windows).ToArray();
        return Agree(last.Select(static point => (double)point.Succeeded), ThroughputTolerance) && (!isOpen || Agree(last.Select(static point => (double)point.P50), LatencyTolerance));
    }

    private static bool Agree(IEnumerable<double> values, double tolerance) => values.Min() > 0 && values.Max() <= values.Min() * tolerance;
}
