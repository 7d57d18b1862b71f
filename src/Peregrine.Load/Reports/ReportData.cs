using System.Text;
using System.Text.Json;
using Peregrine.Load.Histograms;
using Peregrine.Load.Results;

namespace Peregrine.Load.Reports;

/// <summary>What the charts of a report draw, as JSON that may stand in a script element.</summary>
internal static class ReportData
{
    private const double SpectrumStep = 0.02;
    private const int MaxPoints = 1200;

    // What is left of a second at the end says little, and would look like a drop.
    private const double ShortestSecond = 0.5;
    private const double ShortestSample = 0.1;

    internal static string Write(LoadResult result)
    {
        using var stream = new MemoryStream();

        // The default encoder writes < > & as escapes, so that no text ends the element.
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("series");
            WriteSeries(json, result);
            json.WriteEndArray();
            json.WriteStartArray("spectra");
            var isOpen = result.LatencyIs == LoadResult.ResponseTime;
            WriteSpectrum(json, isOpen ? "response time" : "service time", result.Response);
            if (isOpen)
            {
                WriteSpectrum(json, "service time", result.Service);
            }

            json.WriteEndArray();
            json.WriteStartArray("resources");
            WriteResources(json, result.Resources.Samples);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteSeries(Utf8JsonWriter json, LoadResult result)
    {
        // Long runs are thinned out: the eye sees no more, and the worst of each stretch stays.
        var whole = result.Series.Where(point => point.Second == 0 || result.DurationSeconds - point.Second >= ShortestSecond).ToArray();
        var stride = (whole.Length + MaxPoints - 1) / MaxPoints;
        foreach (var some in whole.Chunk(Math.Max(1, stride)))
        {
            var seconds = some.Sum(point => Math.Min(1, Math.Max(0.001, result.DurationSeconds - point.Second)));
            json.WriteStartObject();
            json.WriteNumber("second", some[0].Second);
            json.WriteNumber("perSecond", Math.Round(some.Sum(static point => point.Succeeded) / seconds, 1));
            json.WriteNumber("failed", some.Sum(static point => point.Failed));
            json.WriteNumber("p50", some.Max(static point => point.P50));
            json.WriteNumber("p99", some.Max(static point => point.P99));
            json.WriteNumber("max", some.Max(static point => point.Max));
            json.WriteEndObject();
        }
    }

    private static void WriteSpectrum(Utf8JsonWriter json, string name, LatencyData data)
    {
        var histogram = data.ToHistogram();
        if (histogram.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("points");
        for (var depth = 0.0; depth <= Math.Log10(histogram.Count) + SpectrumStep; depth += SpectrumStep)
        {
            WritePoint(json, histogram, depth);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter json, Histogram histogram, double depth)
    {
        json.WriteStartArray();
        json.WriteNumberValue(Math.Round(depth, 2));
        json.WriteNumberValue(histogram.Quantile(1 - Math.Pow(10, -depth)));
        json.WriteEndArray();
    }

    private static void WriteResources(Utf8JsonWriter json, IReadOnlyList<ResourceSample> samples)
    {
        var stride = Math.Max(1, (samples.Count + MaxPoints - 1) / MaxPoints);
        ResourceSample? before = null;
        for (var i = 0; i < samples.Count; i += stride)
        {
            var sample = samples[i];
            if (before is not null && sample.Seconds - before.Seconds < ShortestSample)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteNumber("seconds", sample.Seconds);
            json.WriteNumber("mebibytes", Math.Round(sample.ResidentBytes / 1048576.0, 2));
            json.WriteNumber("threads", sample.Threads);
            json.WriteNumber("descriptors", sample.Descriptors);
            if (before is not null && sample.Seconds > before.Seconds)
            {
                json.WriteNumber("processor", Math.Round(100 * (sample.ProcessorSeconds - before.ProcessorSeconds) / (sample.Seconds - before.Seconds), 1));
            }
            else
            {
                json.WriteNull("processor");
            }

            json.WriteEndObject();
            before = sample;
        }
    }
}
