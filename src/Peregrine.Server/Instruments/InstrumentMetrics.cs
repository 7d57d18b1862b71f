using Peregrine.Observability.Metrics;

namespace Peregrine.Server.Instruments;

/// <summary>Writes what a server's limits, cache and memory say of themselves as metrics. No state.</summary>
internal static class InstrumentMetrics
{
    internal static void WriteTo(PeregrineServer server, PrometheusTextWriter writer)
    {
        var (limits, cache, memory) = (server.Limits, server.Cache.Statistics, server.Memory.Statistics);
        Write(writer, "mcp_calls_running", "gauge", "Calls that run within limits, with those answered as timed out that have not returned.", limits.Running);
        Write(writer, "mcp_calls_waiting", "gauge", "Calls that wait for their turn.", limits.Waiting);
        Write(writer, "mcp_calls_admitted_total", "counter", "Calls that were let run within limits.", limits.Admitted);
        Write(writer, "mcp_calls_refused_total", "counter", "Calls that were refused as too many.", limits.Refused);
        Write(writer, "mcp_cache_hits_total", "counter", "Calls answered from the result cache.", cache.Hits);
        Write(writer, "mcp_cache_misses_total", "counter", "Calls whose result was made and offered to the result cache.", cache.Misses);
        Write(writer, "mcp_cache_coalesced_total", "counter", "Calls answered with a result that was being made for another.", cache.Coalesced);
        Write(writer, "mcp_cache_invalidated_total", "counter", "Cached results dropped because what they depend on changed.", cache.Invalidated);
        Write(writer, "mcp_cache_evicted_total", "counter", "Cached results let go for others.", cache.Evicted + cache.Rejected);
        Write(writer, "mcp_cache_entries", "gauge", "Results in the cache.", cache.Entries);
        Write(writer, "mcp_cache_bytes", "gauge", "Bytes that cached results take.", cache.Bytes);
        Write(writer, "mcp_reply_bytes", "gauge", "Bytes of long replies that wait for their readers.", memory.Bytes);
        Write(writer, "mcp_streams_ended_total", "counter", "Replies ended for the memory they took, or because nobody read them.", memory.EndedAbandoned + memory.EndedLargest);
        Write(writer, "mcp_replies_refused_total", "counter", "Replies refused for want of memory.", memory.Refused);
    }

    private static void Write(PrometheusTextWriter writer, string name, string type, string help, double value)
    {
        writer.BeginFamily(name, type, help);
        writer.WriteSample(name, value);
    }
}
