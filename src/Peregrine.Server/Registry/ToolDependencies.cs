using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>Judges what tools say they need: other tools that exist, and no circles.</summary>
internal static class ToolDependencies
{
    /// <summary>Judges tools that join others.</summary>
    /// <returns>Every fault, in words.</returns>
    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools, IReadOnlyList<McpToolHandler> others)
    {
        foreach (var tool in tools)
        {
            if (tool.Definition.Dependencies.Count > 0)
            {
                return Judge(tools, others);
            }
        }

        return [];
    }

    private static IEnumerable<string> Judge(IReadOnlyList<McpToolHandler> tools, IReadOnlyList<McpToolHandler> others)
    {
        Dictionary<string, McpToolDefinition> known = new(StringComparer.Ordinal);
        foreach (var definition in others.Concat(tools).Select(static tool => tool.Definition))
        {
            known[definition.Name] = definition;
        }

        foreach (var tool in tools.Select(static tool => tool.Definition))
        {
            foreach (var missing in tool.Dependencies.Where(name => !known.ContainsKey(name)))
            {
                yield return $"The tool \"{tool.Name}\" depends on \"{missing}\", which the server does not have.";
            }
        }

        if (FindCircle(known) is { } circle)
        {
            yield return $"Tools depend on each other in a circle: {string.Join(" -> ", circle)}.";
        }
    }

    /// <summary>One circle, its first name again at the end; null where there is none.</summary>
    private static List<string>? FindCircle(Dictionary<string, McpToolDefinition> known)
    {
        // Takes away what needs nothing that is left, until only circles and what leads into them are left.
        Dictionary<string, string[]> left = known.Values.ToDictionary(static tool => tool.Name, tool => tool.Dependencies.Where(name => name != tool.Name && known.ContainsKey(name)).Distinct().ToArray(), StringComparer.Ordinal);
        var needed = left.SelectMany(static pair => pair.Value.Select(name => (Needed: name, By: pair.Key))).ToLookup(static edge => edge.Needed, static edge => edge.By, StringComparer.Ordinal);
        var counts = left.ToDictionary(static pair => pair.Key, static pair => pair.Value.Length, StringComparer.Ordinal);
        Queue<string> free = new(counts.Where(static pair => pair.Value == 0).Select(static pair => pair.Key));
        while (free.TryDequeue(out var name))
        {
            left.Remove(name);
            foreach (var by in needed[name])
            {
                if (--counts[by] == 0)
                {
                    free.Enqueue(by);
                }
            }
        }

        if (left.Count == 0)
        {
            return null;
        }

        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        List<string> path = [];
        var current = left.Keys.First();
        while (seen.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = left[current].First(left.ContainsKey);
        }

        return [.. path[seen[current]..], current];
    }
}
