using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Resilience;
using Peregrine.Gateway.Configuration;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Gateway.Hosting;

/// <summary>What a gateway runs on, beside its configuration. Immutable.</summary>
public sealed record GatewayOptions
{
    /// <summary>Servers in the gateway's own process; listed before those of the configuration. Default: none.</summary>
    public ImmutableArray<InProcessServer> InProcessServers { get; init; } = [];

    /// <summary>The gateway's version, as clients and servers see it.</summary>
    /// <value>The version of this library.</value>
    public string Version { get; init; } = typeof(GatewayOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>How long calls in flight may go on once the gateway is to stop. Zero or more.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A folder of this gateway's own, made where it is missing: copies of what servers offer, so that lists are there before servers are up, and the processes it has started, so that the
    /// next start ends what was left where the gateway is killed. Default: none, and neither is done.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>The configuration file, which the admin API has read again on demand. Default: none, and there is nothing to read again.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Takes log messages. Default: none.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Runs what the gateway starts. Default: the thread pool.</summary>
    public IWorkScheduler Scheduler { get; init; } = ThreadPoolScheduler.Instance;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        OptionRange.Check(faults, DrainTime, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(DrainTime));
        if (StateFolder is { } folder && string.IsNullOrWhiteSpace(folder))
        {
            faults.Add($"{nameof(StateFolder)} is empty: leave it null, or name a folder.");
        }

        faults.AddRange(InProcessServers.Where(static server => string.IsNullOrWhiteSpace(server.Name)).Select(static _ => $"{nameof(InProcessServers)} has a server without a name."));
        faults.AddRange(GatewayConfiguration.Repeated(InProcessServers.Select(static server => server.Name)).Select(static name => $"{nameof(InProcessServers)} has several servers named \"{name}\"."));
        return faults;
    }
}
