#pragma warning disable RS0030 // Reads /proc: the kernel's own tables are no files of the journal or the catalog.
using System.Globalization;
using System.Runtime.Versioning;

namespace Peregrine.Load.Resources;

/// <summary>The kernel's table of processes, from /proc. Processes that end meanwhile are simply not there.</summary>
[SupportedOSPlatform("linux")]
internal static class ProcessTable
{
    // Of user space, whatever the kernel's own: sysconf(_SC_CLK_TCK) is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private const string Listening = "0A";

    // A kernel can be built without them.
    private static readonly bool HasLists = File.Exists(ListOf(Environment.ProcessId, Environment.ProcessId));

    /// <summary>A process and its descendants.</summary>
    /// <remarks>By the kernel's lists of children where it has them: to read the whole table takes milliseconds, often of the very processor that makes the load.</remarks>
    internal static IReadOnlyList<int> TreeOf(int root)
    {
        if (!HasLists)
        {
            return TreeByParents(root);
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(ChildrenOf(tree[i]));
        }

        return tree;
    }

    /// <summary>The same, from who is whose parent.</summary>
    internal static IReadOnlyList<int> TreeByParents(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var (process, parent) in All())
        {
            (children.TryGetValue(parent, out var of) ? of : children[parent] = []).Add(process);
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children.GetValueOrDefault(tree[i]) ?? []);
        }

        return tree;
    }

    /// <summary>What a process uses; null where it has ended.</summary>
    internal static ProcessUsage? UsageOf(int process)
    {
        try
        {
            var fields = StatOf(process);
            if (fields.Length < 22)
            {
                return null;
            }

            var time = (Parse(fields[11]) + Parse(fields[12])) / TicksPerSecond;
            return new ProcessUsage(time, Parse(fields[21]) * Environment.SystemPageSize, (int)Parse(fields[17]), DescriptorsOf(process));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The process that listens on a port of this machine; null where none can be seen.</summary>
    internal static int? ListenerOn(int port)
    {
        var inodes = new HashSet<string>(Listeners("/proc/net/tcp", port).Concat(Listeners("/proc/net/tcp6", port)), StringComparer.Ordinal);
        if (inodes.Count == 0)
        {
            return null;
        }

        foreach (var (process, _) in All())
        {
            try
            {
                if (Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && inodes.Contains(target)))
                {
                    return process;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended, or belongs to somebody else.
            }
        }

        return null;
    }

    // The local address ends in the port, in hexadecimal; the tenth field is the inode.
    private static IEnumerable<string> Listeners(string table, int port)
    {
        if (!File.Exists(table))
        {
            return [];
        }

        var ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return File.ReadLines(table).Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(ending, StringComparison.Ordinal) && fields[3] == Listening)
            .Select(static fields => $"socket:[{fields[9]}]");
    }

    // Each thread has a list of the children that it started.
    private static List<int> ChildrenOf(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                var list = File.ReadAllText(thread + "/children");
                children.AddRange(list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static child => (int)Parse(child)));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or one of its threads has.
        }

        return children;
    }

    private static string ListOf(int process, int thread) => $"/proc/{process}/task/{thread}/children";

    private static IEnumerable<(int Process, int Parent)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && ParentOf(process) is { } parent)
            {
                yield return (process, parent);
            }
        }
    }

    private static int? ParentOf(int process)
    {
        try
        {
            return StatOf(process) is { Length: > 1 } fields ? (int)Parse(fields[1]) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // "pid (name) state ppid ...": the name may hold anything, brackets and blanks included. The fields here begin with the state.
    private static string[] StatOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static int DescriptorsOf(int process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
        }
        catch (UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private static long Parse(string field) => long.Parse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
