using System.Net;
using Peregrine.Load.Driving.Calls;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes;

namespace Peregrine.Load.Driving;

/// <summary>What all workers of a run share; does not change once the conversation is open.</summary>
internal sealed class RunContext(LoadTarget target, Workload workload, LoadOptions options)
{
    internal LoadTarget Target { get; } = target;

    internal Workload Workload { get; } = workload;

    internal LoadOptions Options { get; } = options;

    internal RunClock Clock { get; } = new(options.TimeProvider);

    /// <summary>Where to connect; null for a command.</summary>
    internal EndPoint? EndPoint { get; set; }

    internal ProtocolVersion Version { get; set; }

    internal MessageFormat Format { get; set; } = new(target, ProtocolVersions.Latest);

    internal CallPlan[] Plans { get; set; } = [];

    /// <summary>The header line of the session that all share; empty where there is none.</summary>
    internal byte[] SharedSession { get; set; } = [];

    internal bool IsHttp => Target.Endpoint is not null;

    internal bool IsOpen => Workload.IsOpen;

    /// <summary>How the command is started.</summary>
    internal ProcessConnectionOptions Process => new()
    {
        Command = Target.Command[0],
        Arguments = [.. Target.Command.Skip(1)],
        OnErrorLine = Options.OnErrorLine,
        Connection = new DuplexConnectionOptions { TimeProvider = Options.TimeProvider },
    };
}
