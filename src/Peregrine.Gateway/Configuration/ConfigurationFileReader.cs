using System.Collections.Immutable;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Policies;
using Peregrine.Protocol.Versions;

namespace Peregrine.Gateway.Configuration;

/// <summary>Reads one configuration file that is proper JSON: the lists of servers, and <c>peregrine</c>.</summary>
internal sealed class ConfigurationFileReader(ProblemList problems, Func<string, string?> environment)
{
    // Every name in the lists, also of servers that are disabled or faulty, so that one mistake is not reported as two.
    private readonly Dictionary<string, ConfigMember> _names = new(StringComparer.Ordinal);
    private readonly List<(ConfigMember Entry, UpstreamConfiguration Server)> _servers = [];

    /// <summary>Reads it; every fault goes to the problems.</summary>
    /// <param name="root">What the file holds, an object.</param>
    internal GatewayConfiguration Read(ConfigNode root)
    {
        var file = new ConfigObject(root, MemberTables.File, "", isShared: true, problems, environment);
        if (root.Members.TrueForAll(static member => member.Name is not ("mcpServers" or "servers")) && !problems.HasErrors)
        {
            problems.Error(root.Position, "The file has neither \"mcpServers\" nor \"servers\".", "List the servers: {\"mcpServers\": {\"name\": {\"command\": \"…\"}}}.");
        }

        ReadList(file, "mcpServers");
        ReadList(file, "servers");
        var own = file.Find("peregrine") is { } member
            ? new ConfigObject(member.Value, MemberTables.Peregrine, "peregrine", isShared: false, problems, environment)
            : new ConfigObject(EmptyObject(root), [], "peregrine", isShared: false, problems, environment);
        var settings = ReadSettings(own);
        var balancing = new BalancingReader(problems, environment);
        var upstreams = _servers.Select(pair => balancing.Complete(Complete(pair.Server, own, settings.GetValueOrDefault(pair.Server.Name)), settings.GetValueOrDefault(pair.Server.Name))).ToImmutableArray();
        ReportPrefixCollisions(upstreams, settings);
        var defaults = new GatewayConfiguration();
        return new OperatingReader(problems).Read(own, new GatewayConfiguration
        {
            Name = ReadName(own) ?? defaults.Name,
            Urls = ReadUrls(own) ?? defaults.Urls,
            ListTimeToLive = own.Seconds("listTimeToLiveSeconds") ?? defaults.ListTimeToLive,
            MaxConcurrentCalls = (int?)own.Number("maxConcurrentCalls") ?? defaults.MaxConcurrentCalls,
            Upstreams = upstreams,
            VirtualServers = new VirtualServerReader(problems, environment, _names.Keys).Read(own),
            Policies = own.Find("policies") is { } policies ? new PolicyReader(problems, environment, _names.Keys).Read(policies) : defaults.Policies,
        });
    }

    private static ConfigNode EmptyObject(ConfigNode root) => new() { Kind = ConfigNodeKind.Object, Position = root.Position };

    private void ReadList(ConfigObject file, string list)
    {
        if (file.Find(list) is not { } member)
        {
            return;
        }

        if (member.Value.Members.Count == 0)
        {
            problems.Warn(member.Value.Position, $"\"{list}\" is empty.", "The gateway will offer no tools.");
        }

        var reader = new UpstreamReader(problems, environment);
        foreach (var entry in member.Value.Members)
        {
            if (string.IsNullOrWhiteSpace(entry.Name))
            {
                problems.Error(entry.Position, $"A server in \"{list}\" has an empty name.", "Give it a name; its tools are told apart by it.");
            }
            else if (!_names.TryAdd(entry.Name, entry))
            {
                problems.Error(entry.Position, $"The server \"{entry.Name}\" is listed twice; the first is in line {_names[entry.Name].Position.Line}.", "Rename or remove one of the two.");
            }

            if (reader.Read(entry, $"{list}.{entry.Name}") is { } server)
            {
                _servers.Add((entry, server));
            }
        }
    }

    private Dictionary<string, ConfigObject> ReadSettings(ConfigObject own)
    {
        Dictionary<string, ConfigObject> settings = new(StringComparer.Ordinal);
        foreach (var entry in own.Find("servers")?.Value.Members ?? [])
        {
            var path = $"peregrine.servers.{entry.Name}";
            if (!_names.ContainsKey(entry.Name))
            {
                problems.Error(entry.Position, $"\"{path}\" is about a server that is not in the list of servers.", NameSuggestion.ServerRemedy(entry.Name, _names.Keys));
            }

            if (entry.Value.Kind != ConfigNodeKind.Object)
            {
                problems.Error(entry.Value.Position, $"\"{path}\" must be an object; found {entry.Value.Describe()}.", "Write for example {\"prefix\": \"docs\"}.");
            }
            else if (!settings.TryAdd(entry.Name, new ConfigObject(entry.Value, MemberTables.PeregrineServer, path, isShared: false, problems, environment)))
            {
                problems.Error(entry.Position, $"\"{path}\" stands there twice.", "Remove one of the two.");
            }
        }

        foreach (var (name, setting) in settings)
        {
            CheckPrefix(setting, name);
        }

        return settings;
    }

    private void CheckPrefix(ConfigObject setting, string name)
    {
        if (setting.Find("prefix") is { } prefix && setting.Text("prefix") is { } text && !PrefixRules.IsValid(text))
        {
            problems.Error(prefix.Value.Position, $"\"peregrine.servers.{name}.prefix\" is {prefix.Value.Describe()}.",
                $"Use at most {PrefixRules.MaxLength} characters of A-Z, a-z, 0-9, \"_\", \"-\" and \".\": tool names may have no others.");
        }
    }

    private UpstreamConfiguration Complete(UpstreamConfiguration server, ConfigObject own, ConfigObject? setting) => CompleteTransport(server, setting) with
    {
        Prefix = setting?.Text("prefix") ?? PrefixRules.Default(server.Name, _servers.Count),
        Renames = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, setting?.TextMap("rename").Select(static pair => KeyValuePair.Create(pair.Member.Name, pair.Value)) ?? []),
        Hidden = setting?.TextList("hide") ?? [],
        Era = setting?.Text("era") switch { "session" => ProtocolEra.Session, "stateless" => ProtocolEra.Stateless, _ => null },
        CallTimeout = setting?.Seconds("callTimeoutSeconds") ?? own.Seconds("callTimeoutSeconds") ?? server.CallTimeout,
        StartTimeout = setting?.Seconds("startTimeoutSeconds") ?? own.Seconds("startTimeoutSeconds") ?? server.StartTimeout,
        MaxConcurrentCalls = (int?)setting?.Number("maxConcurrentCalls") ?? server.MaxConcurrentCalls,
        Pinning = setting?.Text("pinning") switch { "refuse" => PinningMode.Refuse, "off" => PinningMode.Off, _ => PinningMode.Warn },
    };

    // What only one of the two transports has.
    private UpstreamConfiguration CompleteTransport(UpstreamConfiguration server, ConfigObject? setting)
    {
        switch (server, setting)
        {
            case (StdioUpstreamConfiguration stdio, not null):
                WarnOfUseless(stdio, setting, "command", ["replyPollingMicroseconds"]);
                return CompletePool(stdio, setting);
            case (HttpUpstreamConfiguration http, not null):
                WarnOfUseless(http, setting, "url", ["minProcesses", "maxProcesses", "growAtCalls", "processIdleSeconds"]);
                return setting.Number("replyPollingMicroseconds") is { } polling ? http with { ReplyPolling = TimeSpan.FromMicroseconds(polling) } : http;
            default:
                return server;
        }
    }

    private void WarnOfUseless(UpstreamConfiguration server, ConfigObject setting, string reachedBy, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (setting.Find(name) is { } useless)
            {
                problems.Warn(useless.Position, $"\"peregrine.servers.{server.Name}.{name}\" has no effect on a server with \"{reachedBy}\".", "Remove it.");
            }
        }
    }

    private StdioUpstreamConfiguration CompletePool(StdioUpstreamConfiguration stdio, ConfigObject setting)
    {
        var min = (int?)setting.Number("minProcesses") ?? 1;
        var max = (int?)setting.Number("maxProcesses") ?? min;
        if (max < min)
        {
            problems.Error(setting.Find("maxProcesses")!.Value.Position, $"\"peregrine.servers.{stdio.Name}.maxProcesses\" is {max}, less than minProcesses, which is {min}.", $"Write {min} or more.");
        }

        return stdio with
        {
            Pool = new PoolConfiguration
            {
                Min = min,
                Max = Math.Max(min, max),
                GrowAt = (int?)setting.Number("growAtCalls") ?? PoolConfiguration.Single.GrowAt,
                IdleTime = setting.Seconds("processIdleSeconds") ?? PoolConfiguration.Single.IdleTime,
            },
        };
    }

    private void ReportPrefixCollisions(ImmutableArray<UpstreamConfiguration> upstreams, Dictionary<string, ConfigObject> settings)
    {
        Dictionary<string, string> owners = new(StringComparer.Ordinal);
        for (var i = 0; i < upstreams.Length; i++)
        {
            var (name, prefix) = (upstreams[i].Name, upstreams[i].Prefix);
            if (prefix.Length == 0 || owners.TryAdd(prefix, name) || owners[prefix] == name)
            {
                continue;
            }

            var at = settings.GetValueOrDefault(name)?.Find("prefix")?.Value.Position ?? _servers[i].Entry.Position;
            problems.Error(at, $"The servers \"{owners[prefix]}\" and \"{name}\" both have the prefix \"{prefix}\".",
                $"Give one of them another: \"peregrine\": {{\"servers\": {{\"{name}\": {{\"prefix\": \"…\"}}}}}}.");
        }
    }

    private string? ReadName(ConfigObject own)
    {
        var name = own.Text("name");
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            problems.Error(own.Find("name")!.Value.Position, "\"peregrine.name\" is empty.", "Name the gateway, or leave \"name\" out.");
        }

        return name;
    }

    private ImmutableArray<string>? ReadUrls(ConfigObject own)
    {
        if (own.TextList("urls") is not { } urls)
        {
            return null;
        }

        for (var i = 0; i < urls.Length; i++)
        {
            // Kestrel also takes "*" and "+" for every interface, which are no host names.
            var text = urls[i].Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")
            {
                var item = own.Find("urls")!.Value.Items[i];
                problems.Error(item.Position, $"\"peregrine.urls\" must hold http or https URLs without a path; found {item.Describe()}.", $"Write for example \"{GatewayConfiguration.DefaultUrl}\".");
            }
        }

        if (urls.IsEmpty)
        {
            problems.Error(own.Find("urls")!.Value.Position, "\"peregrine.urls\" is empty.", $"Write for example [\"{GatewayConfiguration.DefaultUrl}\"], or leave \"urls\" out.");
        }

        return urls;
    }
}
