using Peregrine.Load.Histograms;

namespace Peregrine.Load.Results;

/// <summary>A histogram in a result: the usual figures, in nanoseconds, and the whole of it.</summary>
/// <param name="Count">How many durations.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">50 %.</param>
/// <param name="P90">90 %.</param>
/// <param name="P99">99 %.</param>
/// <param name="P999">99.9 %.</param>
/// <param name="Max">The longest.</param>
/// <param name="Raw">All buckets, in the histogram's compact form.</param>
public sealed record LatencyData(long Count, long Min, double Mean, long P50, long P90, long P99, long P999, long Max, string Raw)
{
    /// <summary>Takes the figures out of a histogram.</summary>
    public static LatencyData Of(Histogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new LatencyData(
            histogram.Count, histogram.Min, Math.Round(histogram.Mean, 1), histogram.Quantile(0.5), histogram.Quantile(0.9), histogram.Quantile(0.99), histogram.Quantile(0.999), histogram.Max, histogram.ToCompact());
    }

    /// <summary>Gives the histogram back.</summary>
    /// <exception cref="FormatException"><see cref="Raw"/> is no histogram.</exception>
    public Histogram ToHistogram() => Histogram.FromCompact(Raw);
}
