using System.Diagnostics;
using Peregrine.Server.Telemetry;

namespace Peregrine.Gateway.Telemetry;

/// <summary>Under which name gateways report their requests, and what they say beyond what servers say. Thread-safe.</summary>
public static class GatewayTelemetry
{
    /// <summary>Name of the <see cref="ActivitySource"/> and of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string SourceName = "Peregrine.Gateway";

    internal const string UpstreamTag = "peregrine.upstream";

    internal static TelemetrySource Source { get; } = new(SourceName);

    /// <summary>The span of the request that is being answered; null while nobody listens.</summary>
    internal static Activity? Span => Source.Instruments.Activities.HasListeners() && Activity.Current is { } span && ReferenceEquals(span.Source, Source.Instruments.Activities) ? span : null;

    /// <summary>Says in the span which server answers.</summary>
    internal static void NoteUpstream(string name) => Span?.SetTag(UpstreamTag, name);
}
