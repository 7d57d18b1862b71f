using System.Globalization;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>The processes of the machine, from <c>/proc</c>.</summary>
internal static class ProcessTable
{
    /// <summary>True while it runs; one that has ended and was not reaped yet does not.</summary>
    internal static bool IsAlive(int id) => Read(id) is { State: not ('Z' or 'X') };

    /// <summary>Everything that a process has started, and everything that those have.</summary>
    internal static IReadOnlyList<int> DescendantsOf(int ancestor)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(static folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(static id => id > 0)
            .Select(static id => (Id: id, Read(id)?.Parent))
            .ToLookup(static entry => entry.Parent, static entry => entry.Id);
        List<int> found = [.. parents[ancestor]];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(parents[found[i]]);
        }

        return found;
    }

    /// <summary>What a process was started as, for messages.</summary>
    internal static string Describe(int id)
    {
        try
        {
            return $"{id}: {File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{id}: gone";
        }
    }

    private static (char State, int Parent)? Read(int id)
    {
        try
        {
            // "id (name) S parent ...", and a name may hold anything.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
