using System.Collections.Immutable;
using System.Globalization;

namespace Peregrine.Gateway.Configuration;

/// <summary>
/// One object of a configuration file, held against a table of members: reports misspelt, repeated and mistyped members, and gives the values of the rest.
/// </summary>
internal sealed class ConfigObject
{
    private readonly Dictionary<string, ConfigMember> _members = new(StringComparer.Ordinal);
    private readonly ProblemList _problems;
    private readonly Func<string, string?> _environment;
    private readonly string _path;

    /// <summary>Checks <paramref name="node"/>.</summary>
    /// <param name="node">An object.</param>
    /// <param name="rules">The members it may have.</param>
    /// <param name="path">Where it stands, for sentences: <c>mcpServers.github</c>.</param>
    /// <param name="isShared">True where other programs read the same object, so that a member unknown here is theirs unless it looks misspelt.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="environment">Gives environment variables.</param>
    internal ConfigObject(ConfigNode node, MemberRule[] rules, string path, bool isShared, ProblemList problems, Func<string, string?> environment)
    {
        Node = node;
        _problems = problems;
        _environment = environment;
        _path = path;
        foreach (var member in node.Members)
        {
            if (Array.Find(rules, rule => rule.Name == member.Name) is not { } rule)
            {
                ReportUnknown(member, rules, isShared);
            }
            else if (_members.TryGetValue(member.Name, out var first))
            {
                problems.Error(member.Position, $"{In} has \"{member.Name}\" twice; the first is in line {first.Position.Line}.", "Remove one of the two.");
            }
            else if (Fits(member, rule))
            {
                _members.Add(member.Name, member);
            }
        }
    }

    internal ConfigNode Node { get; }

    private string In => _path.Length == 0 ? "The file" : $"\"{_path}\"";

    internal ConfigMember? Find(string name) => _members.GetValueOrDefault(name);

    /// <summary>The text of a member; null where it is missing, or has variables that cannot be filled in, which is reported.</summary>
    internal string? Text(string name) => Find(name) is { } member ? TryExpand(member.Value) : null;

    internal ImmutableArray<string>? TextList(string name) =>
        Find(name) is { } member ? [.. member.Value.Items.Select(Expand)] : null;

    internal IEnumerable<(ConfigMember Member, string Value)> TextMap(string name) =>
        Find(name) is { } member ? member.Value.Members.Select(item => (item, Expand(item.Value))) : [];

    internal bool Boolean(string name) => Find(name) is { Value.Text: "true" };

    internal double? Number(string name) =>
        Find(name) is { } member ? double.Parse(member.Value.Text, CultureInfo.InvariantCulture) : null;

    internal TimeSpan? Seconds(string name) => Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private string Expand(ConfigNode node) => TryExpand(node) ?? "";

    private string? TryExpand(ConfigNode node)
    {
        var failed = false;
        var text = VariableExpander.Expand(node.Text, _environment, (message, remedy) =>
        {
            failed = true;
            _problems.Error(node.Position, message, remedy);
        });
        return failed ? null : text;
    }

    private void ReportUnknown(ConfigMember member, MemberRule[] rules, bool isShared)
    {
        var own = rules.Where(static rule => rule.Kind != MemberKind.Foreign).Select(static rule => rule.Name);
        var found = $"{In} has no member \"{ConfigNode.Shorten(member.Name)}\"";
        var allowed = $"Allowed are {string.Join(", ", own)}.";
        if (isShared && Array.Find(MemberTables.Unsupported, entry => entry.Name == member.Name) is { Name: not null } unsupported)
        {
            _problems.Error(member.Position, $"\"{member.Name}\" is not supported by this version.", unsupported.Remedy);
        }
        else if (NameSuggestion.Find(member.Name, own) is { } meant)
        {
            _problems.Error(member.Position, $"{found}.", $"Did you mean \"{meant}\"? {allowed}");
        }
        else if (isShared)
        {
            _problems.Warn(member.Position, $"{found} that the gateway knows; it is ignored.", allowed);
        }
        else
        {
            _problems.Error(member.Position, $"{found}.", allowed);
        }
    }

    private bool Fits(ConfigMember member, MemberRule rule)
    {
        var value = member.Value;
        switch (rule.Kind)
        {
            case MemberKind.Foreign:
                return true;
            case MemberKind.Text when value.Kind == ConfigNodeKind.String:
                return rule.Allowed is null || rule.Allowed.Contains(value.Text) || Report(value, rule, member.Name);
            case MemberKind.Boolean when value.Kind == ConfigNodeKind.Boolean:
            case MemberKind.Object when value.Kind == ConfigNodeKind.Object:
                return true;
            case MemberKind.Integer or MemberKind.Number when value.Kind == ConfigNodeKind.Number:
                return IsInRange(value.Text, rule) || Report(value, rule, member.Name);
            case MemberKind.TextList when value.Kind == ConfigNodeKind.Array:
                return AreTexts(value.Items, member.Name, rule);
            case MemberKind.TextMap when value.Kind == ConfigNodeKind.Object:
                return AreTexts(value.Members.Select(static item => item.Value), member.Name, rule) & AreUnique(value, member.Name);
            default:
                return Report(value, rule, member.Name);
        }
    }

    private bool Report(ConfigNode value, MemberRule rule, string name)
    {
        var remedy = rule is { Name: "type", Kind: MemberKind.Text } && value.Text == "sse"
            ? "The old HTTP+SSE transport is not supported; most servers that have it also answer Streamable HTTP: use \"http\" with their endpoint for it."
            : $"Write {rule.Describe()}.";
        _problems.Error(value.Position, $"\"{Join(name)}\" must be {rule.Describe()}; found {(rule.IsSecret ? value.DescribeKind() : value.Describe())}.", remedy);
        return false;
    }

    private static bool IsInRange(string text, MemberRule rule) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number <= rule.Maximum
        && (rule.AboveMinimum ? number > rule.Minimum : number >= rule.Minimum)
        && (rule.Kind != MemberKind.Integer || number == Math.Floor(number));

    private bool AreTexts(IEnumerable<ConfigNode> items, string name, MemberRule rule)
    {
        var all = true;
        foreach (var item in items.Where(static item => item.Kind != ConfigNodeKind.String))
        {
            all = false;
            _problems.Error(item.Position, $"\"{Join(name)}\" must be {rule.Describe()}; found {item.DescribeKind()} in it.",
                item.Kind is not (ConfigNodeKind.Number or ConfigNodeKind.Boolean) ? "Write a string." : rule.IsSecret ? "Put it in quotes." : $"Put it in quotes: \"{item.Text}\".");
        }

        return all;
    }

    private bool AreUnique(ConfigNode map, string name)
    {
        var all = true;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var item in map.Members.Where(item => !seen.Add(item.Name)))
        {
            all = false;
            _problems.Error(item.Position, $"\"{Join(name)}\" has \"{ConfigNode.Shorten(item.Name)}\" twice.", "Remove one of the two.");
        }

        return all;
    }

    private string Join(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
