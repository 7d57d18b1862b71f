using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Configuration;

/// <summary>Finds the name that somebody meant who wrote another.</summary>
internal static class NameSuggestion
{
    /// <summary>The known name nearest to <paramref name="written"/>; null where none is near enough to be meant.</summary>
    internal static string? Find(string written, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in known)
        {
            var distance = NearNames.Distance(written, name);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }

        // One slip in three letters, and never more than three: "comand" is command, "icon" is not command.
        return best is not null && bestDistance <= Math.Min(3, Math.Max(1, best.Length / 3)) ? best : null;
    }

    /// <summary>What to do about the name of a server that is not in the list of servers, for a sentence: which may be meant, and which there are.</summary>
    internal static string ServerRemedy(string written, IReadOnlyCollection<string> servers) =>
        (Find(written, servers) is { } meant ? $"Did you mean \"{meant}\"? " : "") + $"Listed are {(servers.Count == 0 ? "none" : string.Join(", ", servers))}.";
}
