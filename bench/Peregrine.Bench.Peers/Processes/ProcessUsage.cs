using System.Globalization;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>What a running process has used, from /proc.</summary>
internal static class ProcessUsage
{
    private const int GroupField = 2;
    private const int UserField = 11;
    private const int SystemField = 12;

    /// <summary>User and system time so far.</summary>
    public static TimeSpan ProcessorTime(int process) => ProcessorTime(ReadStat(process));

    /// <summary>The same of a process that was started here, and of what it has started in turn: nginx works in a child.</summary>
    public static TimeSpan GroupProcessorTime(int leader) => GroupOf(leader).Aggregate(TimeSpan.Zero, (sum, one) => sum + ProcessorTime(one.Stat));

    /// <summary>Memory in RAM now, in bytes, of a process that was started here and of what it has started in turn; what they share counts for each.</summary>
    public static long GroupResidentBytes(int leader) => GroupOf(leader).Sum(one => ResidentBytes(one.Process));

    private static long ResidentBytes(int process)
    {
        string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(int Process, string[] Stat)> GroupOf(int leader)
    {
        string group = leader.ToString(CultureInfo.InvariantCulture);
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                continue;
            string[]? stat = null;
            try
            {
                stat = ReadStat(process);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }

            if (stat is not null && stat[GroupField] == group)
                yield return (process, stat);
        }
    }

    private static TimeSpan ProcessorTime(string[] stat)
    {
        const int ticksPerSecond = 100;
        long ticks = long.Parse(stat[UserField], CultureInfo.InvariantCulture) + long.Parse(stat[SystemField], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / ticksPerSecond);
    }

    // The second field is the name in brackets and may hold blanks: fields are counted from behind it.
    private static string[] ReadStat(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
