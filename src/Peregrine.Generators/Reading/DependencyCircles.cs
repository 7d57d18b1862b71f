using System.Collections.Immutable;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Finds tools that need each other, over all classes of a program.</summary>
internal static class DependencyCircles
{
    /// <summary>One diagnostic for each circle.</summary>
    internal static IEnumerable<DiagnosticModel> Find(ImmutableArray<DependencyEdge> edges, CancellationToken cancellationToken)
    {
        // Where two servers of one program have a tool of one name, nobody can tell here which is meant.
        var known = edges.GroupBy(static edge => edge.Tool).Where(static group => group.Count() == 1).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        HashSet<string> reported = new(StringComparer.Ordinal);
        foreach (var edge in edges)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!reported.Contains(edge.Tool) && PathBack(edge, known) is { } path)
            {
                reported.UnionWith(path);
                yield return edge.Circle with { Arguments = new(edge.Circle.Arguments.Append(string.Join(" -> ", path))) };
            }
        }
    }

    /// <summary>The shortest way from a tool back to itself, with it at both ends.</summary>
    private static string[]? PathBack(DependencyEdge start, Dictionary<string, DependencyEdge> known)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string[]> paths = new([[start.Tool]]);
        while (paths.Count > 0)
        {
            var path = paths.Dequeue();
            if (!known.TryGetValue(path[path.Length - 1], out var edge))
            {
                continue;
            }

            foreach (var needed in edge.Needed)
            {
                string[] longer = [.. path, needed];
                if (needed == start.Tool)
                {
                    return longer;
                }

                if (seen.Add(needed))
                {
                    paths.Enqueue(longer);
                }
            }
        }

        return null;
    }
}
