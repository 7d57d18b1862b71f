using System.Globalization;

namespace Peregrine.Load.Judging;

/// <summary>Figures with units, as people write them.</summary>
internal static class Units
{
    private static readonly (string Unit, MetricKind Kind, double Factor)[] Known =
    [
        ("ns", MetricKind.Latency, 1),
        ("us", MetricKind.Latency, 1e3),
        ("µs", MetricKind.Latency, 1e3),
        ("ms", MetricKind.Latency, 1e6),
        ("KiB", MetricKind.Bytes, 1024),
        ("MiB", MetricKind.Bytes, 1024 * 1024),
        ("GiB", MetricKind.Bytes, 1024 * 1024 * 1024),
        ("KB", MetricKind.Bytes, 1e3),
        ("MB", MetricKind.Bytes, 1e6),
        ("GB", MetricKind.Bytes, 1e9),
        ("/s", MetricKind.Rate, 1),
        ("%", MetricKind.Share, 0.01),
        ("s", MetricKind.Latency, 1e9),
        ("B", MetricKind.Bytes, 1),
    ];

    /// <summary>Reads a figure such as <c>30 ms</c>, <c>512 MiB</c>, <c>1000/s</c>, <c>0.1 %</c>; latencies and bytes need a unit.</summary>
    /// <returns>The figure in the kind's own unit; null where it is none.</returns>
    internal static double? Read(string text, MetricKind kind)
    {
        var trimmed = text.Trim();
        foreach (var (unit, of, factor) in Known)
        {
            if (of == kind && trimmed.EndsWith(unit, StringComparison.Ordinal))
            {
                return Number(trimmed[..^unit.Length]) * factor;
            }
        }

        return kind is MetricKind.Latency or MetricKind.Bytes ? null : Number(trimmed);
    }

    /// <summary>The units of a kind, for messages.</summary>
    internal static string Of(MetricKind kind) => string.Join(", ", Known.Where(one => one.Kind == kind).Select(static one => one.Unit));

    internal static string WriteBytes(double bytes)
    {
        var (unit, factor) = Math.Abs(bytes) switch
        {
            < 1024 => ("B", 1.0),
            < 1024 * 1024 => ("KiB", 1024.0),
            < 1024.0 * 1024 * 1024 => ("MiB", 1024.0 * 1024),
            _ => ("GiB", 1024.0 * 1024 * 1024),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor:0.##} {unit}");
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
