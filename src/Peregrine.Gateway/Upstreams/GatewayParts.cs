using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.State;
using Peregrine.Observability.Metrics;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Telemetry;

namespace Peregrine.Gateway.Upstreams;

/// <summary>What all upstreams of a gateway share. Immutable.</summary>
internal sealed record GatewayParts
{
    internal required UpstreamConversation Conversation { get; init; }

    internal required ReplyBridge Bridge { get; init; }

    internal required RequestMetrics Metrics { get; init; }

    /// <summary>What holds for calls on their way to the upstreams.</summary>
    internal required GatewayPolicies Policies { get; init; }

    internal required ServerTelemetry Telemetry { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required IWorkScheduler Scheduler { get; init; }

    internal required ILoggerFactory Loggers { get; init; }

    /// <summary>Whether one caller has the gateway to itself.</summary>
    internal LoneCaller LoneCaller { get; } = new();

    /// <summary>Where copies of what servers offer are kept; null for nowhere.</summary>
    internal IStateFolder? State { get; init; }

    /// <summary>What the processes that it starts carry in their environment; null for nothing.</summary>
    internal string? Mark { get; init; }
}
