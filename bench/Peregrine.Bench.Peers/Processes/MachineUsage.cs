using System.Globalization;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>What all processes of the machine have used, from /proc.</summary>
internal static class MachineUsage
{
    /// <summary>User, nice and system time of all processors so far, and what the hypervisor gave to others.</summary>
    public static TimeSpan ProcessorTime()
    {
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int ticksPerSecond = 100;
        const int user = 1, nice = 2, system = 3, stolen = 8;
        long ticks = new[] { user, nice, system, stolen }.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds((double)ticks / ticksPerSecond);
    }
}
