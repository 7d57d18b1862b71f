#pragma warning disable RS0030 // Reads /proc: the kernel's own tables are no files of the journal or the catalog.
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>Finds processes by what stood in their environment when they began; descendants inherit it. No state.</summary>
[SupportedOSPlatform("linux")]
internal static class MarkedProcesses
{
    // A process may fork between the look and the kill; its children are found by the next look.
    private const int MaxLooks = 20;

    /// <summary>Kills every process that has this entry in its environment, this one excepted.</summary>
    /// <param name="entry">NAME=VALUE.</param>
    /// <returns>How many were killed.</returns>
    internal static int Kill(string entry)
    {
        var mark = Encoding.UTF8.GetBytes(entry + "\0");
        HashSet<int> killed = [];
        for (var look = 0; look < MaxLooks && KillOnce(mark, killed); look++)
        {
        }

        return killed.Count;
    }

    private static bool KillOnce(byte[] mark, HashSet<int> killed)
    {
        var found = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && IsMarked(folder, mark) && NativeMethods.kill(pid, NativeMethods.SIGKILL) == 0)
            {
                found |= killed.Add(pid);
            }
        }

        return found;
    }

    // A process that has ended, or is another user's, has no environment to read.
    private static bool IsMarked(string folder, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes(folder + "/environ");
            var at = environment.AsSpan().IndexOf(mark);
            return at == 0 || (at > 0 && environment[at - 1] == 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
