using System.Buffers;
using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>Reads the entries of <c>mcpServers</c> and <c>servers</c>.</summary>
internal sealed class UpstreamReader(ProblemList problems, Func<string, string?> environment)
{
    // RFC 9110, 5.6.2: the characters of a token, of which header names are made.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads one entry.</summary>
    /// <returns>The server; null where it is disabled or faulty, the faults having been reported.</returns>
    internal UpstreamConfiguration? Read(ConfigMember entry, string path)
    {
        if (entry.Value.Kind != ConfigNodeKind.Object)
        {
            problems.Error(entry.Value.Position, $"\"{path}\" must be an object; found {entry.Value.DescribeKind()}.",
                "Describe the server: {\"command\": \"…\", \"args\": […]} or {\"url\": \"https://…\"}.");
            return null;
        }

        var members = new ConfigObject(entry.Value, MemberTables.Server, path, isShared: true, problems, environment);
        if (members.Boolean("disabled"))
        {
            return null;
        }

        var command = entry.Value.Members.Find(static member => member.Name == "command");
        var url = entry.Value.Members.Find(static member => member.Name == "url");
        if (command is not null && url is not null)
        {
            problems.Error(url.Position, $"\"{path}\" has both \"command\" and \"url\".", "Keep \"command\" for a server to be run here, or \"url\" for one that runs already.");
            return null;
        }

        if (command is null && url is null)
        {
            if (entry.Value.Members.Exists(static member => MeansProgramOrUrl(member.Name)))
            {
                // The misspelt name was reported; without it the rest cannot be judged.
                return null;
            }

            problems.Error(entry.Position, $"\"{path}\" has neither \"command\" nor \"url\".", "Add \"command\" for a server to be run here, or \"url\" for one that runs already.");
            return null;
        }

        CheckType(members, path, isHttp: url is not null);
        return command is not null ? ReadStdio(members, entry.Name, path) : ReadHttp(members, entry.Name, path);
    }

    private static bool MeansProgramOrUrl(string name) =>
        NameSuggestion.Find(name, MemberTables.Server.Where(static rule => rule.Kind != MemberKind.Foreign).Select(static rule => rule.Name)) is "command" or "url";

    private void CheckType(ConfigObject members, string path, bool isHttp)
    {
        if (members.Find("type") is { } type && (type.Value.Text is "stdio" or "local") == isHttp)
        {
            problems.Error(type.Value.Position, $"\"{path}\" is of type \"{type.Value.Text}\" but has \"{(isHttp ? "url" : "command")}\".",
                isHttp ? "Use the type \"http\", or leave \"type\" out." : "Use the type \"stdio\", or leave \"type\" out.");
        }

        foreach (var name in (string[])(isHttp ? ["args", "env", "cwd"] : ["headers"]))
        {
            if (members.Find(name) is { } useless)
            {
                problems.Warn(useless.Position, $"\"{path}.{name}\" has no effect on a server with \"{(isHttp ? "url" : "command")}\".", "Remove it.");
            }
        }
    }

    private StdioUpstreamConfiguration? ReadStdio(ConfigObject members, string name, string path)
    {
        var arguments = members.TextList("args") ?? [];
        var variables = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
            members.TextMap("env").Select(static item => KeyValuePair.Create(item.Member.Name, item.Value)));
        foreach (var (member, _) in members.TextMap("env").Where(static item => item.Member.Name.Length == 0 || item.Member.Name.Contains('=')))
        {
            problems.Error(member.Position, $"\"{path}.env\" names a variable \"{ConfigNode.Shorten(member.Name.Split('=')[0])}\"{(member.Name.Contains('=') ? " with a \"=\" behind it" : "")}.", "A variable's name has at least one character and no \"=\"; its value stands behind the colon.");
        }

        if (members.Text("command") is not { } command)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(command))
        {
            problems.Error(members.Find("command")!.Value.Position, $"\"{path}.command\" is empty.", "Name the program to run, for example \"npx\".");
        }

        return new StdioUpstreamConfiguration
        {
            Name = name,
            Command = command,
            Arguments = arguments,
            Environment = variables,
            WorkingDirectory = members.Text("cwd"),
            Tools = ReadTools(members),
        };
    }

    private HttpUpstreamConfiguration? ReadHttp(ConfigObject members, string name, string path)
    {
        var headers = ReadHeaders(members, path);
        if (members.Find("url") is not { } member || members.Text("url") is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            // Not its text, with variables filled in or without: what an address holds may be secret.
            problems.Error(member.Value.Position, $"\"{path}.url\" must be an absolute http or https URL; found {member.Value.DescribeUrl()}.",
                "Write for example \"https://example.com/mcp\".");
            return null;
        }

        return new HttpUpstreamConfiguration { Name = name, Url = url, Headers = headers, Tools = ReadTools(members) };
    }

    private ImmutableSortedDictionary<string, string> ReadHeaders(ConfigObject members, string path)
    {
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (member, value) in members.TextMap("headers"))
        {
            if (member.Name.Length == 0 || member.Name.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                problems.Error(member.Position, $"\"{path}.headers\" has a header name that begins with \"{ConfigNode.Shorten(NameIn(member.Name))}\" and goes on with what no name can have.",
                    "A header name has letters, digits and \"-\", no spaces and no colon.");
            }
            else if (value.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            {
                problems.Error(member.Value.Position, $"The header \"{member.Name}\" of \"{path}\" has a line break or another control character in its value.",
                    "Remove it; a variable may hold one at its end.");
            }
            else if (!headers.TryAdd(member.Name, value))
            {
                problems.Error(member.Position, $"\"{path}.headers\" has \"{member.Name}\" twice; upper and lower case do not matter.", "Remove one of the two.");
            }
        }

        return headers.ToImmutable();
    }

    // Where a whole header line stands in the name's place, what is behind the name may be the secret.
    private static string NameIn(string text) => text.AsSpan().IndexOfAnyExcept(TokenCharacters) is >= 0 and var end ? text[..end] : text;

    private static ImmutableArray<string>? ReadTools(ConfigObject members) =>
        members.TextList("tools") is { } tools && !tools.Contains("*") ? tools : null;
}
