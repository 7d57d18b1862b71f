using System.Globalization;
using Peregrine.Load.Judging;

namespace Peregrine.Cli.Measuring;

/// <summary>What is compared, and what counts as a change.</summary>
/// <param name="Metrics">The figures.</param>
/// <param name="Tolerance">As a share; null for each metric's own.</param>
internal sealed record MetricList(IReadOnlyList<Metric> Metrics, double? Tolerance)
{
    internal static MetricList? Read(string names, double? percent, List<string> faults)
    {
        var metrics = new List<Metric>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Metric.Find(name) is { } metric)
            {
                metrics.Add(metric);
            }
            else
            {
                faults.Add($"--metrics: there is no \"{name}\"; there are {Metric.Names}");
            }
        }

        if (metrics.Count == 0)
        {
            faults.Add("--metrics names none");
        }

        if (percent is not null and not (> 0 and <= 1000))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"--tolerance takes more than 0 and at most 1000 percent; found {percent}"));
        }

        return new MetricList(metrics, percent / 100);
    }
}
