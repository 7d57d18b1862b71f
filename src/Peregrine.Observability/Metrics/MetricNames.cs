namespace Peregrine.Observability.Metrics;

/// <summary>The names of the metrics on <c>/metrics</c>. Dashboards and alerts rely on them.</summary>
public static class MetricNames
{
    /// <summary>Counter: requests answered, by upstream, method and outcome.</summary>
    public const string Requests = "mcp_requests_total";

    /// <summary>Histogram in seconds: time from a request's arrival to its reply, by upstream, method and outcome.</summary>
    public const string RequestDuration = "mcp_request_duration_seconds";

    /// <summary>Gauge: requests in flight, by upstream.</summary>
    public const string RequestsInFlight = "mcp_requests_in_flight";

    /// <summary>Gauge: open connections from clients.</summary>
    public const string ActiveConnections = "mcp_active_connections";

    /// <summary>Gauge: the process's working set in bytes.</summary>
    public const string MemoryUsage = "mcp_memory_usage_bytes";

    /// <summary>Gauge: how short of memory the gateway is: 0 not, 1 slow calls are refused, 2 normal ones as well.</summary>
    public const string MemoryPressure = "mcp_memory_pressure";

    /// <summary>Gauge: the process's processor time since the sample before, 100 for one processor fully used.</summary>
    public const string CpuUsage = "mcp_cpu_usage_percent";

    /// <summary>Gauge: the process's threads.</summary>
    public const string Threads = "mcp_threads";

    /// <summary>Gauge: 1 where the upstream is ready, else 0, by upstream.</summary>
    public const string UpstreamUp = "mcp_upstream_up";

    /// <summary>Counter: restarts and reconnections, by upstream.</summary>
    public const string UpstreamRestarts = "mcp_upstream_restarts_total";

    /// <summary>Counter: arguments and results held against a schema, by subject (arguments, result) and outcome (valid, invalid).</summary>
    public const string Validations = "mcp_validations_total";

    /// <summary>Histogram in seconds: time that validating the arguments of one call takes.</summary>
    public const string ValidationDuration = "mcp_validation_duration_seconds";

    /// <summary>Counter: compiled schemas needed, by outcome (hit, miss).</summary>
    public const string CompiledSchemas = "mcp_compiled_schemas_total";

    /// <summary>Gauge: tools offered, by upstream.</summary>
    public const string UpstreamTools = "mcp_upstream_tools";
}
