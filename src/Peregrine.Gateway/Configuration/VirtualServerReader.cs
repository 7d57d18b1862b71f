using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>Reads <c>peregrine.virtualServers</c>.</summary>
internal sealed class VirtualServerReader(ProblemList problems, Func<string, string?> environment, IReadOnlyCollection<string> servers)
{
    /// <summary>Reads all of them.</summary>
    /// <param name="own">The <c>peregrine</c> object of the file.</param>
    internal ImmutableArray<VirtualServerConfiguration> Read(ConfigObject own)
    {
        List<VirtualServerConfiguration> virtuals = [];
        foreach (var entry in own.Find("virtualServers")?.Value.Members ?? [])
        {
            var path = $"peregrine.virtualServers.{entry.Name}";
            if (!PrefixRules.IsValid(entry.Name) || entry.Name.Length == 0)
            {
                problems.Error(entry.Position, $"\"{ConfigNode.Shorten(entry.Name)}\" cannot be the name of a virtual server, for it is the last part of a path.",
                    $"Use 1 to {PrefixRules.MaxLength} characters of A-Z, a-z, 0-9, \"_\", \"-\" and \".\".");
            }

            if (entry.Value.Kind != ConfigNodeKind.Object)
            {
                problems.Error(entry.Value.Position, $"\"{path}\" must be an object; found {entry.Value.Describe()}.", "Write for example {\"servers\": [\"docs\"]}.");
                continue;
            }

            var members = new ConfigObject(entry.Value, MemberTables.VirtualServer, path, isShared: false, problems, environment);
            if (virtuals.Exists(known => known.Name == entry.Name))
            {
                problems.Error(entry.Position, $"\"{path}\" stands there twice.", "Remove one of the two.");
            }

            virtuals.Add(new VirtualServerConfiguration { Name = entry.Name, Servers = ReadServers(members, path), Tools = members.TextList("tools") });
        }

        return [.. virtuals];
    }

    private ImmutableArray<string>? ReadServers(ConfigObject members, string path)
    {
        var named = members.TextList("servers");
        for (var i = 0; i < named?.Length; i++)
        {
            if (!servers.Contains(named.Value[i]))
            {
                var item = members.Find("servers")!.Value.Items[i];
                problems.Error(item.Position, $"\"{path}.servers\" names {item.Describe()}, which is not in the list of servers.", NameSuggestion.ServerRemedy(named.Value[i], servers));
            }
        }

        return named;
    }
}
