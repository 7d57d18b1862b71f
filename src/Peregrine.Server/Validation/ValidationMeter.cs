using Peregrine.Observability.Metrics;

namespace Peregrine.Server.Validation;

/// <summary>Counts what was validated. Thread-safe.</summary>
internal sealed class ValidationMeter
{
    private LatencyHistogram? _durations;

    internal StripedCounter SchemaUses { get; } = new();

    internal StripedCounter Arguments { get; } = new();

    internal StripedCounter RefusedArguments { get; } = new();

    internal StripedCounter Results { get; } = new();

    internal StripedCounter BrokenResults { get; } = new();

    /// <summary>How long validating arguments takes; null while nobody wants to know.</summary>
    internal LatencyHistogram? Durations => Volatile.Read(ref _durations);

    /// <summary>Times validations from now on.</summary>
    internal LatencyHistogram Time()
    {
        var made = new LatencyHistogram();
        return Interlocked.CompareExchange(ref _durations, made, null) ?? made;
    }

    internal static void Write(PrometheusTextWriter writer, McpValidationCounts counts, LatencySnapshot durations)
    {
        writer.BeginFamily(MetricNames.Validations, "counter", "Arguments and results held against a schema, by subject and outcome.");
        writer.WriteSample(MetricNames.Validations, counts.Arguments - counts.RefusedArguments, ("subject", "arguments"), ("outcome", "valid"));
        writer.WriteSample(MetricNames.Validations, counts.RefusedArguments, ("subject", "arguments"), ("outcome", "invalid"));
        writer.WriteSample(MetricNames.Validations, counts.Results - counts.BrokenResults, ("subject", "result"), ("outcome", "valid"));
        writer.WriteSample(MetricNames.Validations, counts.BrokenResults, ("subject", "result"), ("outcome", "invalid"));
        writer.BeginFamily(MetricNames.ValidationDuration, "histogram", "Seconds that validating the arguments of one call takes.");
        writer.WriteHistogram(MetricNames.ValidationDuration, durations);
        writer.BeginFamily(MetricNames.CompiledSchemas, "counter", "Compiled schemas needed: those that were there (hit), and those that had to be compiled (miss).");
        writer.WriteSample(MetricNames.CompiledSchemas, counts.CacheHits, ("outcome", "hit"));
        writer.WriteSample(MetricNames.CompiledSchemas, counts.CacheMisses, ("outcome", "miss"));
    }
}
