using System.Collections.Immutable;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Catalog;

/// <summary>What the things of one server are called behind the gateway, and which of them are not offered. Immutable.</summary>
internal sealed class NameRules
{
    private readonly string _prefix;
    private readonly ImmutableSortedDictionary<string, string> _renames;
    private readonly ImmutableArray<NamePattern> _hidden;

    /// <summary>Makes the rules of a server.</summary>
    /// <param name="prefix">What names of tools and prompts begin with, before an underscore; empty for none.</param>
    /// <param name="renames">Names that clients use, by the server's own; they get no prefix.</param>
    /// <param name="hidden">Patterns of the server's own names that are not offered.</param>
    internal NameRules(string prefix, ImmutableSortedDictionary<string, string> renames, ImmutableArray<string> hidden)
    {
        _prefix = prefix;
        _renames = renames;
        _hidden = [.. hidden.Select(static pattern => new NamePattern(pattern))];
    }

    /// <summary>The rules of a server whose names stay.</summary>
    internal static NameRules None { get; } = new("", ImmutableSortedDictionary<string, string>.Empty, []);

    internal string Prefix => _prefix;

    /// <summary>The name under which clients see it; null where it is not offered.</summary>
    internal string? NameOf(OfferKind kind, string own)
    {
        foreach (var pattern in _hidden)
        {
            if (pattern.Matches(own))
            {
                return null;
            }
        }

        if (!kind.IsPrefixed())
        {
            return own;
        }

        return _renames.TryGetValue(own, out var other) ? other : _prefix.Length == 0 ? own : $"{_prefix}{PrefixRules.Separator}{own}";
    }
}
