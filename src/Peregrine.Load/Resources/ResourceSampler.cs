using System.Net;
using System.Net.NetworkInformation;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;

namespace Peregrine.Load.Resources;

/// <summary>Samples what the target's processes use. Not thread-safe.</summary>
internal sealed class ResourceSampler
{
    private readonly int _root;
    private readonly string? _absent;
    private readonly List<ResourceSample> _samples = [];

    // Processor time of processes that have ended since: it must not be lost.
    private readonly Dictionary<int, double> _lastSeen = [];
    private double _before;

    private ResourceSampler(int root, string? absent) => (_root, _absent) = (root, absent);

    /// <summary>Finds the processes of a target.</summary>
    /// <param name="run">The run.</param>
    /// <param name="child">The command's process; 0 where there is none.</param>
    internal static ResourceSampler For(RunContext run, int child)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(0, "resources are seen on Linux alone");
        }

        if (run.Options.TargetProcess is { } given)
        {
            return ProcessTable.UsageOf(given) is null ? new(0, $"there is no process {given}") : new(given, null);
        }

        if (!run.IsHttp)
        {
            return child > 0 ? new(child, null) : new(0, "each iteration has a process of its own");
        }

        if (run.EndPoint is not IPEndPoint endpoint || !IsHere(endpoint.Address))
        {
            return new(0, "the target runs on another machine");
        }

        return ProcessTable.ListenerOn(endpoint.Port) is { } listener
            ? new(listener, null)
            : new(0, "the process that listens on that port cannot be seen; name it with --pid");
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="seconds">Since the measurement began; the first sample is where processor time begins.</param>
    internal void Sample(double seconds)
    {
        if (_absent is not null || !OperatingSystem.IsLinux())
        {
            return;
        }

        var (memory, threads, descriptors, processes) = (0L, 0, 0, 0);
        foreach (var process in ProcessTable.TreeOf(_root))
        {
            if (ProcessTable.UsageOf(process) is { } usage)
            {
                _lastSeen[process] = usage.ProcessorSeconds;
                memory += usage.ResidentBytes;
                threads += usage.Threads;
                descriptors = usage.Descriptors < 0 || descriptors < 0 ? -1 : descriptors + usage.Descriptors;
                processes++;
            }
        }

        var time = _lastSeen.Values.Sum();
        if (_samples.Count == 0)
        {
            _before = time;
        }

        _samples.Add(new ResourceSample(Math.Round(seconds, 3), Math.Round(time - _before, 2), memory, threads, descriptors, processes));
    }

    internal ResourceData ToData(ResourceSample? before) => new(_absent is null ? _root : null, _absent, _samples, before);

    /// <summary>The last sample; null where there is none.</summary>
    internal ResourceSample? Last => _samples is [.., var last] ? last : null;

    private static bool IsHere(IPAddress address) =>
        IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces().Any(one => one.GetIPProperties().UnicastAddresses.Any(mine => mine.Address.Equals(address)));
}
