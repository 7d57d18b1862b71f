#pragma warning disable RS0030 // Reads /proc: the kernel's own tables are no files of the journal or the catalog.
using System.Globalization;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>Kills everything in a session: the process group and, where the system shows it, every process that left the group but not the session.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static class SessionKiller
{
    // A process may fork between the look and the kill; its children are found by the next look.
    private const int MaxLooks = 20;

    /// <summary>Kills the session that <paramref name="leader"/> leads. The leader must not have been reaped: that keeps its number from meaning somebody else.</summary>
    internal static void Kill(int leader)
    {
        _ = NativeMethods.kill(-leader, NativeMethods.SIGKILL);
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        for (var look = 0; look < MaxLooks && KillMembers(leader); look++)
        {
        }
    }

    private static bool KillMembers(int session)
    {
        var found = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && IsLiveMember(folder, session))
            {
                found |= NativeMethods.kill(pid, NativeMethods.SIGKILL) == 0;
            }
        }

        return found;
    }

    // /proc/N/stat: "pid (name) state ppid pgrp session ...", where the name may hold anything, brackets and spaces included.
    private static bool IsLiveMember(string folder, int session)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(folder + "/stat");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        var rest = stat.AsSpan(stat.LastIndexOf(')') + 1).Trim();
        Span<Range> fields = stackalloc Range[5];
        if (rest.Split(fields, ' ') < 5)
        {
            return false;
        }

        return rest[fields[0]] is not "Z" and not "X"
            && int.TryParse(rest[fields[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var of)
            && of == session;
    }
}
