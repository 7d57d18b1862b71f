using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Peregrine.Execution.Caching;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Hosting;

/// <summary>Writes what a gateway is doing, as JSON for the page and for health checks.</summary>
internal static class GatewayStatusWriter
{
    /// <summary>The state of everything, for the page.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="connections">Open connections from clients.</param>
    /// <param name="knownCatalog">The number of the catalog that the reader has; its tools are left out where that is still the one.</param>
    internal static ReadOnlyMemory<byte> WriteStatus(PeregrineGateway gateway, long connections, int knownCatalog)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("name", gateway.Identity.Name);
        json.WriteString("version", gateway.Version);
        json.WriteNumber("uptimeSeconds", Math.Round(gateway.Time.GetElapsedTime(gateway.StartedAt).TotalSeconds, 3));
        json.WriteBoolean("ready", gateway.IsReady);
        json.WriteNumber("connections", connections);
        json.WriteString("memoryPressure", gateway.Policies.Load.Memory switch { MemoryPressure.None => "none", MemoryPressure.Soft => "soft", _ => "hard" });
        WriteProcess(json, gateway.Process.Sample());
        var total = new LatencySnapshot();
        WriteUpstreams(json, gateway, total);
        json.WriteStartObject("total");
        json.WriteNumber("inFlight", gateway.CallsInFlight);
        json.WriteNumber("errors", gateway.Upstreams.Sum(static upstream => Errors(upstream.Calls)));
        WriteLatency(json, total);
        WriteBuckets(json, total);
        json.WriteEndObject();
        json.WriteBoolean("adminNeedsToken", gateway.Configuration.AdminKey is not null);
        WriteMissing(json, gateway.Catalog.Current);
        WriteCache(json, gateway.Policies.Cache);
        var catalog = gateway.Catalog.Current;
        json.WriteNumber("catalog", catalog.Number);
        if (catalog.Number != knownCatalog)
        {
            WriteCatalog(json, catalog);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The states of the upstreams, for health checks.</summary>
    internal static ReadOnlyMemory<byte> WriteHealth(PeregrineGateway gateway)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("status", gateway.IsReady ? "ready" : "starting");
        json.WriteStartArray("upstreams");
        foreach (var upstream in gateway.Upstreams)
        {
            json.WriteStartObject();
            json.WriteString("name", upstream.Name);
            json.WriteString("state", StateName(upstream.State));
            json.WriteNumber("tools", upstream.Offer.Tools.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The upstreams with their figures.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="total">Gets the latencies of all; null where nobody wants them.</param>
    internal static void WriteUpstreams(Utf8JsonWriter json, PeregrineGateway gateway, LatencySnapshot? total)
    {
        json.WriteStartArray("upstreams");
        foreach (var upstream in gateway.Upstreams)
        {
            WriteUpstream(json, upstream, total);
        }

        json.WriteEndArray();
    }

    /// <summary>A state's name.</summary>
    internal static string StateName(UpstreamState state) => state switch
    {
        UpstreamState.Starting => "starting",
        UpstreamState.Ready => "ready",
        UpstreamState.Restarting => "restarting",
        UpstreamState.Failing => "failing",
        _ => "stopped",
    };

    private static void WriteProcess(Utf8JsonWriter json, ProcessSample sample)
    {
        json.WriteStartObject("process");
        json.WriteNumber("cpuPercent", Math.Round(sample.CpuPercent, 1));
        json.WriteNumber("workingSetBytes", sample.WorkingSetBytes);
        json.WriteNumber("heapBytes", sample.ManagedHeapBytes);
        json.WriteNumber("threads", sample.Threads);
        json.WriteEndObject();
    }

    private static void WriteUpstream(Utf8JsonWriter json, Upstream upstream, LatencySnapshot? total)
    {
        var latency = upstream.Calls.Read();
        if (total is not null)
        {
            foreach (var outcome in Enum.GetValues<RequestOutcome>())
            {
                upstream.Calls[outcome]?.AddTo(total);
            }
        }

        json.WriteStartObject();
        json.WriteString("name", upstream.Name);
        json.WriteString("prefix", upstream.Prefix);
        json.WriteString("transport", upstream.Transport);
        json.WriteString("target", upstream.Target);
        json.WriteString("state", StateName(upstream.State));
        json.WriteBoolean("drained", upstream.IsDrained);
        json.WriteString("version", upstream.Version.ToText());
        json.WriteString("era", upstream.Version == ProtocolVersion.Unknown ? "" : upstream.Version.Era() == ProtocolEra.Stateless ? "stateless" : "session");
        json.WriteNumber("tools", upstream.Offer.Tools.Length);
        json.WriteNumber("prompts", upstream.Offer.Prompts.Length);
        json.WriteNumber("resources", upstream.Offer.Resources.Length + upstream.Offer.ResourceTemplates.Length);
        json.WriteNumber("connections", upstream.Connections);
        json.WriteNumber("maxConnections", upstream.MaxConnections);
        WriteSockets(json, upstream.Sockets);
        WriteMembers(json, upstream);
        WriteChanges(json, upstream);
        json.WriteNumber("restarts", upstream.Restarts);
        json.WriteNumber("inFlight", upstream.InFlight);
        json.WriteNumber("errors", Errors(upstream.Calls));
        json.WriteString("lastError", upstream.LastError);
        json.WriteNumber("lastErrorAgeSeconds", Math.Round(upstream.LastErrorAge.TotalSeconds));
        if (upstream.ProcessId is { } id)
        {
            json.WriteNumber("processId", id);
        }

        WriteOutcomes(json, upstream.Calls);
        WriteLatency(json, latency);
        WriteTexts(json, "standardError", upstream.StandardError);
        json.WriteEndObject();
    }

    private static void WriteOutcomes(Utf8JsonWriter json, RequestMeter meter)
    {
        json.WriteStartObject("outcomes");
        foreach (var outcome in Enum.GetValues<RequestOutcome>())
        {
            if (meter.Count(outcome) is > 0 and var count)
            {
                json.WriteNumber(RequestMeter.Label(outcome), count);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteChanges(Utf8JsonWriter json, Upstream upstream)
    {
        json.WriteStartArray("changes");
        foreach (var change in upstream.ToolChanges)
        {
            json.WriteStartObject();
            json.WriteString("tool", change.Tool);
            json.WriteString("verdict", change.Verdict.ToString().ToLowerInvariant());
            json.WriteBoolean("withheld", change.IsWithheld);
            WriteTexts(json, "places", change.Places);
            json.WriteString("what", change.Describe());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCache(Utf8JsonWriter json, ResultCache cache)
    {
        var statistics = cache.Statistics;
        json.WriteStartObject("cache");
        json.WriteNumber("entries", statistics.Entries);
        json.WriteNumber("bytes", cache.Bytes);
        json.WriteNumber("maxBytes", cache.Options.MaxBytes);
        json.WriteNumber("hits", statistics.Hits);
        json.WriteNumber("misses", statistics.Misses);
        json.WriteNumber("coalesced", statistics.Coalesced);
        json.WriteNumber("servedStale", statistics.ServedStale);
        json.WriteNumber("invalidated", statistics.Invalidated);
        json.WriteNumber("evicted", statistics.Evicted + statistics.Rejected);
        json.WriteEndObject();
    }

    private static void WriteSockets(Utf8JsonWriter json, HttpPoolStatistics sockets)
    {
        json.WriteStartObject("sockets");
        json.WriteNumber("requests", sockets.Requests);
        json.WriteNumber("opened", sockets.Opened);
        json.WriteNumber("open", sockets.Open);
        json.WriteNumber("waited", sockets.Waited);
        json.WriteNumber("exhausted", sockets.Exhausted);
        json.WriteEndObject();
    }

    internal static void WriteMembers(Utf8JsonWriter json, Upstream upstream)
    {
        json.WriteStartArray("members");
        foreach (var member in (upstream as BalancedUpstream)?.Members ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", member.Name);
            json.WriteString("target", member.Target);
            json.WriteString("state", StateName(member.State));
            json.WriteNumber("weight", member.Weight);
            json.WriteNumber("inFlight", member.InFlight);
            json.WriteBoolean("ejected", member.IsEjected);
            json.WriteNumber("ejections", member.Ejections);
            json.WriteBoolean("takenOut", member.IsTakenOut);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The servers that have not answered for their part of the lists.</summary>
    internal static void WriteMissing(Utf8JsonWriter json, CatalogSnapshot catalog)
    {
        json.WriteStartArray("missing");
        foreach (var missing in catalog.Missing)
        {
            json.WriteStartObject();
            json.WriteString("upstream", missing.Server);
            json.WriteString("reason", missing.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Upper bound in milliseconds and count of each bucket that has any: from two of these a reader has the percentiles of the time between.
    private static void WriteBuckets(Utf8JsonWriter json, LatencySnapshot latency)
    {
        json.WriteStartArray("buckets");
        for (var i = 0; i < latency.Counts.Length; i++)
        {
            if (latency.Counts[i] > 0)
            {
                json.WriteStartArray();
                json.WriteNumberValue(LatencyBounds.Ticks[Math.Min(i, LatencyBounds.Count - 1)] / (double)TimeSpan.TicksPerMillisecond);
                json.WriteNumberValue(latency.Counts[i]);
                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteLatency(Utf8JsonWriter json, LatencySnapshot latency)
    {
        json.WriteNumber("calls", latency.Count);
        json.WriteNumber("p50Milliseconds", Math.Round(latency.Percentile(0.5).TotalMilliseconds, 3));
        json.WriteNumber("p95Milliseconds", Math.Round(latency.Percentile(0.95).TotalMilliseconds, 3));
        json.WriteNumber("p99Milliseconds", Math.Round(latency.Percentile(0.99).TotalMilliseconds, 3));
    }

    private static void WriteCatalog(Utf8JsonWriter json, CatalogSnapshot catalog)
    {
        json.WriteStartArray("tools");
        foreach (var tool in catalog.Tools.Items)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.FullName);
            json.WriteString("upstream", tool.Upstream.Name);
            json.WriteString("description", tool.Item.Description ?? tool.Item.Title);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTexts(json, "dropped", catalog.Dropped);
    }

    /// <summary>A member that is an array of strings.</summary>
    internal static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    // A caller who cancels, and a tool that says it could not do what was asked, are no faults of the upstream.
    private static long Errors(RequestMeter meter) => meter.Count(RequestOutcome.Error) + meter.Count(RequestOutcome.TimedOut) + meter.Count(RequestOutcome.Overloaded)
        + meter.Count(RequestOutcome.Unavailable) + meter.Count(RequestOutcome.Unknown);
}
