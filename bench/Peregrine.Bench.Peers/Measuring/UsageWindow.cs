using System.Diagnostics;
using Peregrine.Bench.Peers.Processes;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>Who used the processors from now on: the server, the load, and everything else.</summary>
/// <param name="server">The measured process, with all that it has started.</param>
/// <param name="upstream">The process behind it, which shares the load's processor; null where there is none.</param>
internal sealed class UsageWindow(int server, int? upstream = null)
{
    private readonly TimeSpan _server = ProcessUsage.GroupProcessorTime(server);
    private readonly TimeSpan _upstream = UsedBy(upstream);
    private readonly TimeSpan _machine = MachineUsage.ProcessorTime();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Completes a measurement, given the processor time that the load took.</summary>
    public Measurement End(double callsPerSecond, TimeSpan p50, TimeSpan p99, TimeSpan max, TimeSpan load)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        TimeSpan used = ProcessUsage.GroupProcessorTime(server) - _server;
        load += UsedBy(upstream) - _upstream;
        TimeSpan others = MachineUsage.ProcessorTime() - _machine - used - load;
        return new Measurement(callsPerSecond, p50, p99, max, used.TotalSeconds / seconds, load.TotalSeconds / seconds, Math.Max(0, others.TotalSeconds / seconds));
    }

    private static TimeSpan UsedBy(int? process) => process is { } id ? ProcessUsage.GroupProcessorTime(id) : TimeSpan.Zero;
}
