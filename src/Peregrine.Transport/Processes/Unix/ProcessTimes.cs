#pragma warning disable RS0030 // Reads /proc: the kernel's own tables are no files of the journal or the catalog.
using System.Globalization;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>When processes began, as the kernel tells it: with its number that names a process for ever, until the machine starts again. No state.</summary>
internal static class ProcessTimes
{
    // /proc/N/stat: "pid (name) state ppid pgrp session ...", start time is the 22nd field.
    private const int FieldsBehindName = 20;

    /// <summary>When a process began, in ticks since the machine did; null where there is none, or the system does not tell.</summary>
    internal static long? Read(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var rest = stat.AsSpan(stat.LastIndexOf(')') + 1).Trim();
        Span<Range> fields = stackalloc Range[FieldsBehindName + 1];
        return rest.Split(fields, ' ') > FieldsBehindName - 1 && long.TryParse(rest[fields[FieldsBehindName - 1]], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;
    }
}
