using System.Collections.Immutable;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Balancing;

/// <summary>Reads <c>members</c> and <c>balance</c> of a server's settings.</summary>
internal sealed class BalancingReader(ProblemList problems, Func<string, string?> environment)
{
    /// <summary>Completes a server with its members.</summary>
    internal UpstreamConfiguration Complete(UpstreamConfiguration server, ConfigObject? setting)
    {
        if (setting is null)
        {
            return server;
        }

        var path = $"peregrine.servers.{server.Name}";
        var members = ReadMembers(server, setting, path);
        if (setting.Find("balance") is not { } balance)
        {
            return server with { Members = members };
        }

        if (members.IsEmpty && setting.Find("members") is null)
        {
            problems.Warn(balance.Position, $"\"{path}.balance\" has no effect on a server without \"members\".", "Add \"members\", or remove it.");
        }

        var options = new ConfigObject(balance.Value, BalancingMembers.Balance, $"{path}.balance", isShared: false, problems, environment);
        return server with { Members = members, Balancing = BalancingMembers.Read(options, $"{path}.balance", problems) };
    }

    private ImmutableArray<UpstreamMember> ReadMembers(UpstreamConfiguration server, ConfigObject setting, string path)
    {
        List<UpstreamMember> members = [];
        foreach (var entry in setting.Find("members")?.Value.Members ?? [])
        {
            var place = $"{path}.members.{entry.Name}";
            if (entry.Value.Kind != ConfigNodeKind.Object)
            {
                problems.Error(entry.Value.Position, $"\"{place}\" must be an object; found {entry.Value.DescribeKind()}.", "Write for example {\"url\": \"https://…\"}.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(entry.Name) || entry.Name == server.Name || members.Exists(known => known.Name == entry.Name))
            {
                problems.Error(entry.Position, $"\"{path}.members\" has a member \"{ConfigNode.Shorten(entry.Name)}\", whose name is empty, the server's own or another member's.", "Give it a name of its own.");
                continue;
            }

            var own = new ConfigObject(entry.Value, BalancingMembers.Member, place, isShared: false, problems, environment);
            if (ReadServer(server, own, entry, place) is { } read)
            {
                members.Add(new UpstreamMember(entry.Name, (int?)own.Number("weight") ?? 1, read with { Name = $"{server.Name}/{entry.Name}" }));
            }
        }

        // Calls remember which of 64 members they have asked.
        if (members.Count > 63)
        {
            problems.Error(setting.Find("members")!.Position, $"\"{path}.members\" has {members.Count} members.", "Have 63 at most, beside the server's own entry.");
        }

        return [.. members];
    }

    private UpstreamConfiguration? ReadServer(UpstreamConfiguration server, ConfigObject own, ConfigMember entry, string path)
    {
        var isHttp = server is HttpUpstreamConfiguration;
        foreach (var name in (string[])(isHttp ? ["command", "args"] : ["url"]))
        {
            if (own.Find(name) is { } wrong)
            {
                problems.Error(wrong.Position, $"\"{path}.{name}\" does not go with the server, which has \"{(isHttp ? "url" : "command")}\".", $"Use \"{(isHttp ? "url" : "command")}\", as the server does.");
                return null;
            }
        }

        if (server is StdioUpstreamConfiguration stdio)
        {
            return stdio with { Command = own.Text("command") ?? stdio.Command, Arguments = own.TextList("args") ?? stdio.Arguments };
        }

        if (own.Find("url") is not { } member)
        {
            if (!entry.Value.Members.Exists(static item => item.Name == "url"))
            {
                problems.Error(entry.Position, $"\"{path}\" has no \"url\".", "Add \"url\", the endpoint of this member.");
            }

            return null;
        }

        if (own.Text("url") is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            problems.Error(member.Value.Position, $"\"{path}.url\" must be an absolute http or https URL; found {member.Value.DescribeUrl()}.", "Write for example \"https://example.com/mcp\".");
            return null;
        }

        return (HttpUpstreamConfiguration)server with { Url = url };
    }
}
