using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peregrine.Observability.Metrics;

/// <summary>Writes metrics in the Prometheus text exposition format 0.0.4. Not thread-safe.</summary>
/// <remarks>Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format</remarks>
public sealed class PrometheusTextWriter
{
    /// <summary>The media type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024);

    /// <summary>What was written, UTF-8. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Begins a metric. All its samples follow before the next one begins.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">What it counts, one sentence.</param>
    public void BeginFamily(string name, string type, string help)
    {
        Append("# HELP ");
        Append(name);
        Append(" ");
        Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        Append("\n# TYPE ");
        Append(name);
        Append(" ");
        Append(type);
        Append("\n");
    }

    /// <summary>Writes one sample.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">Names and values; values may hold any text.</param>
    public void WriteSample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        WriteSeries(name, "", labels, bound: null);
        AppendValue(value);
    }

    /// <summary>Writes a histogram: its buckets, sum and count.</summary>
    /// <param name="name">The metric's name, without a suffix.</param>
    /// <param name="snapshot">The latencies.</param>
    /// <param name="labels">Names and values; values may hold any text.</param>
    public void WriteHistogram(string name, LatencySnapshot snapshot, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        long cumulated = 0;
        for (var i = 0; i < LatencyBounds.Count; i++)
        {
            cumulated += snapshot.Counts[i];
            WriteSeries(name, "_bucket", labels, LatencyBounds.Labels[i]);
            AppendValue(cumulated);
        }

        WriteSeries(name, "_bucket", labels, "+Inf");
        AppendValue(snapshot.Count);
        WriteSeries(name, "_sum", labels, bound: null);
        AppendValue(snapshot.Sum.TotalSeconds);
        WriteSeries(name, "_count", labels, bound: null);
        AppendValue(snapshot.Count);
    }

    private void WriteSeries(string name, string suffix, ReadOnlySpan<(string Name, string Value)> labels, string? bound)
    {
        Append(name);
        Append(suffix);
        var separator = "{";
        foreach (var (label, value) in labels)
        {
            WriteLabel(ref separator, label, value);
        }

        if (bound is not null)
        {
            WriteLabel(ref separator, "le", bound);
        }

        Append(separator == "{" ? " " : "} ");
    }

    private void WriteLabel(ref string separator, string name, string value)
    {
        Append(separator);
        Append(name);
        Append("=\"");
        Append(value.AsSpan().IndexOfAny('\\', '"', '\n') < 0 ? value : Escape(value));
        Append("\"");
        separator = ",";
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void AppendValue(double value)
    {
        Append(double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture));
        Append("\n");
    }

    private void Append(string text)
    {
        var span = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _output.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
