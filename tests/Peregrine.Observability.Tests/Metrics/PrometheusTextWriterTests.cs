using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Peregrine.Observability.Metrics;

namespace Peregrine.Observability.Tests.Metrics;

public sealed partial class PrometheusTextWriterTests
{
    [Fact]
    public void Samples_are_read_back_with_their_labels_and_values()
    {
        var writer = new PrometheusTextWriter();
        writer.BeginFamily("a_total", "counter", "Line one\nline \\ two.");
        writer.WriteSample("a_total", 3, ("name", "quote \" slash \\ line\nend é"), ("other", ""));
        writer.WriteSample("a_total", 0.25);
        var (families, samples) = Parse(writer);

        Assert.Equal("counter", families["a_total"]);
        Assert.Equal("quote \" slash \\ line\nend é", samples[0].Labels["name"]);
        Assert.Equal("", samples[0].Labels["other"]);
        Assert.Equal(3, samples[0].Value);
        Assert.Empty(samples[1].Labels);
        Assert.Equal(0.25, samples[1].Value);
    }

    [Fact]
    public void Requests_and_durations_agree_with_what_was_recorded()
    {
        var metrics = new RequestMetrics();
        var meter = metrics.Meter("github", "tools/call");
        Assert.Same(meter, metrics.Meter("github", "tools/call"));
        meter.Record(RequestOutcome.Ok, TimeSpan.FromMilliseconds(1));
        meter.Record(RequestOutcome.Ok, TimeSpan.FromMilliseconds(50));
        meter.Record(RequestOutcome.Ok, TimeSpan.FromSeconds(200));
        meter.Record(RequestOutcome.TimedOut, TimeSpan.FromSeconds(5));

        var writer = new PrometheusTextWriter();
        metrics.WriteTo(writer);
        var (families, samples) = Parse(writer);

        Assert.Equal("counter", families[MetricNames.Requests]);
        Assert.Equal("histogram", families[MetricNames.RequestDuration]);
        Assert.Equal(3, Value(samples, MetricNames.Requests, "ok"));
        Assert.Equal(1, Value(samples, MetricNames.Requests, "timed_out"));
        Assert.Equal(1, Value(samples, MetricNames.RequestDuration + "_bucket", "ok", "0.001"));
        Assert.Equal(2, Value(samples, MetricNames.RequestDuration + "_bucket", "ok", "0.1"));
        Assert.Equal(2, Value(samples, MetricNames.RequestDuration + "_bucket", "ok", "100"));
        Assert.Equal(3, Value(samples, MetricNames.RequestDuration + "_bucket", "ok", "+Inf"));
        Assert.Equal(3, Value(samples, MetricNames.RequestDuration + "_count", "ok"));
        Assert.Equal(200.051, Value(samples, MetricNames.RequestDuration + "_sum", "ok"), 6);
        Assert.Equal(1, Value(samples, MetricNames.RequestDuration + "_bucket", "timed_out", "5"));
        Assert.Equal(0, Value(samples, MetricNames.RequestDuration + "_bucket", "timed_out", "4.786"));
    }

    [Fact]
    public void The_process_is_measured()
    {
        var time = new ManualTime();
        var used = TimeSpan.Zero;
        var sampler = new ProcessSampler(time, () => used);
        time.Advance(TimeSpan.FromSeconds(2));
        used = TimeSpan.FromSeconds(1);
        var sample = sampler.Sample();
        Assert.Equal(50, sample.CpuPercent, 6);
        Assert.InRange(sample.WorkingSetBytes, 1_000_000, long.MaxValue);
        Assert.InRange(sample.Threads, 2, 10_000);

        time.Advance(TimeSpan.FromMilliseconds(50));
        used = TimeSpan.FromSeconds(10);
        Assert.Equal(50, sampler.Sample().CpuPercent, 6);

        var writer = new PrometheusTextWriter();
        sampler.WriteTo(writer);
        var (_, samples) = Parse(writer);
        Assert.Equal(50, samples.Single(static s => s.Name == MetricNames.CpuUsage).Value);
        Assert.Equal(sample.WorkingSetBytes, samples.Single(static s => s.Name == MetricNames.MemoryUsage).Value);
    }

    [Fact]
    public void The_real_process_uses_processor_time()
    {
        var sampler = new ProcessSampler(TimeProvider.System);
        Assert.InRange(sampler.Sample().CpuPercent, 0, 100 * Environment.ProcessorCount * 2);
    }

    private static double Value(List<Sample> samples, string name, string outcome, string? bound = null) =>
        samples.Single(s => s.Name == name && s.Labels["upstream"] == "github" && s.Labels["outcome"] == outcome
            && (bound is null || s.Labels["le"] == bound)).Value;

    // A reader of the format as its documentation gives it; it refuses what a scraper would refuse.
    private static (Dictionary<string, string> Families, List<Sample> Samples) Parse(PrometheusTextWriter writer)
    {
        var text = Encoding.UTF8.GetString(writer.Written.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Dictionary<string, string> families = [];
        List<Sample> samples = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                Assert.Equal(4, parts.Length);
                families.Add(parts[2], parts[3]);
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var match = SampleLine().Match(line);
                Assert.True(match.Success, line);
                var value = match.Groups["value"].Value;
                var labels = LabelPair().Matches(match.Groups["labels"].Value).ToDictionary(static m => m.Groups[1].Value,
                    static m => m.Groups[2].Value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)
                        .Replace("\\\\", "\\", StringComparison.Ordinal));
                samples.Add(new Sample(match.Groups["name"].Value, labels, double.Parse(value, CultureInfo.InvariantCulture)));
            }
        }

        return (families, samples);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*)\})? (?<value>\S+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)",?""")]
    private static partial Regex LabelPair();

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Value);

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
