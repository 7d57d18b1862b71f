using System.Text.Json;

namespace Peregrine.Load.Comparing;

/// <summary>Writes series of pairs as JSON, reads them, and finds what is wrong with them.</summary>
public static class PairSeriesFile
{
    /// <summary>The series as JSON, in UTF-8.</summary>
    public static byte[] Write(PairSeries series) => JsonSerializer.SerializeToUtf8Bytes(series, PairSeriesJson.Default.PairSeries);

    /// <summary>Reads a series.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="faults">All that is wrong; empty where nothing is.</param>
    /// <returns>The series, or null where it cannot be used.</returns>
    public static PairSeries? Read(ReadOnlySpan<byte> utf8, out IReadOnlyList<string> faults)
    {
        try
        {
            var series = JsonSerializer.Deserialize(utf8, PairSeriesJson.Default.PairSeries);
            faults = series is null ? ["the series is null"] : series.Validate();
            return faults.Count == 0 ? series : null;
        }
        catch (JsonException exception)
        {
            faults = [$"no series of pairs: {exception.Message}"];
            return null;
        }
    }
}
