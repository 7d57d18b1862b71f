using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>What is known of members and items, and of sizes.</summary>
internal sealed partial class Conjunction
{
    public long MinProperties => Math.Max(Required.Count, Nodes.Select(static n => n.Objects?.MinProperties ?? 0).DefaultIfEmpty().Max());

    public long MaxProperties => Nodes.Select(static n => n.Objects?.MaxProperties ?? long.MaxValue).DefaultIfEmpty(long.MaxValue).Min();

    public long MinItems => Nodes.Select(static n => n.Arrays?.MinItems ?? 0).DefaultIfEmpty().Max();

    public long MaxItems => Nodes.Select(static n => n.Arrays?.MaxItems ?? long.MaxValue).DefaultIfEmpty(long.MaxValue).Min();

    public bool HasUniqueItems => Nodes.Exists(static n => n.Arrays?.UniqueItems == true);

    /// <summary>Most schemas that some node has for first items.</summary>
    public int PrefixLength => Nodes.Select(static n => n.Arrays?.Prefix.Length ?? 0).DefaultIfEmpty().Max();

    public long MinLength => Nodes.Select(static n => n.Strings?.MinLength ?? 0).DefaultIfEmpty().Max();

    public long MaxLength => Nodes.Select(static n => n.Strings?.MaxLength ?? long.MaxValue).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>What is known of an item.</summary>
    public Conjunction Item(int index)
    {
        var item = new Conjunction();
        foreach (var node in Nodes)
        {
            if (node.Arrays is { } arrays && ItemSchema(arrays, index) is { } schema)
            {
                item.Add(schema);
            }
        }

        return item;
    }

    public static SchemaNode? ItemSchema(ArrayRules arrays, int index) => (index < arrays.Prefix.Length ? arrays.Prefix[index] : arrays.Items)?.Target;

    /// <summary>Names that the schemas have an opinion of.</summary>
    public SortedSet<string> Names()
    {
        var names = new SortedSet<string>(Required, StringComparer.Ordinal);
        foreach (var node in Nodes)
        {
            for (var i = 0; i < (node.Objects?.Names?.Count ?? 0); i++)
            {
                names.Add(NameOf(node.Objects!, i));
            }

            // What an alternative evaluates is none of the others, though the alternative is not taken in.
            if (node.UnevaluatedProperties is not null)
            {
                names.UnionWith(Evaluating.Of(node).Names);
            }
        }

        return names;
    }

    /// <summary>What is known of a member with a name that no schema mentions.</summary>
    /// <param name="patterns">Patterns that the name does not match, whoever has them.</param>
    public Conjunction OtherMember(IReadOnlySet<string> patterns)
    {
        var member = new Conjunction();
        foreach (var node in Nodes)
        {
            if (node.Objects is { Additional: { } additional } rules && Array.TrueForAll(rules.Patterns, pattern => patterns.Contains(pattern.Pattern.Source)))
            {
                member.Add(additional.Target);
            }

            if (node.UnevaluatedProperties is { } unevaluated && Evaluating.Of(node) is { EvaluatesOthers: false })
            {
                member.Add(unevaluated.Target);
            }
        }

        return member;
    }

    /// <summary>What is known of a member with a name that no schema mentions, and that matches a pattern.</summary>
    public Conjunction MatchingMember(string pattern)
    {
        var member = new Conjunction();
        foreach (var node in Nodes)
        {
            foreach (var own in node.Objects?.Patterns ?? [])
            {
                if (own.Pattern.Source == pattern)
                {
                    member.Add(own.Edge.Target);
                }
            }

            if (node.Objects is { Additional: { } additional, Patterns.Length: 0 })
            {
                member.Add(additional.Target);
            }
        }

        return member;
    }
}
