using System.Globalization;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>What a running process has used, from /proc.</summary>
internal static class ProcessUsage
{
    /// <summary>User and system time so far.</summary>
    public static TimeSpan ProcessorTime(int process)
    {
        // The second field is the name in brackets and may hold blanks: count from behind it.
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int ticksPerSecond = 100;
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / ticksPerSecond);
    }

    /// <summary>Memory in RAM now, in bytes.</summary>
    public static long ResidentBytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
