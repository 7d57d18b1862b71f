using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.Connections;

/// <summary>Settings of a connection over a pair of byte streams.</summary>
public sealed record DuplexConnectionOptions
{
    /// <summary>The longest message taken from the peer, in bytes; longer ones are skipped and counted. 1 or more. Default 16 MiB.</summary>
    public int MaxMessageLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many bytes may wait to be written; beyond that senders wait. 1 or more. Default 16 MiB.</summary>
    public int MaxUnsentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many requests of the peer are answered at once; more are refused with error 4001. 1 or more. Default 64.</summary>
    public int MaxIncomingRequests { get; init; } = 64;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Runs what the connection starts. Default: the thread pool.</summary>
    public IWorkScheduler Scheduler { get; init; } = ThreadPoolScheduler.Instance;

    /// <summary>Takes log messages. Default: none.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
