using System.Text;
using System.Text.Unicode;
using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>
/// Schemas that all apply to one value: what is known of it. Schemas that apply in place, whatever the value is, are taken in; alternatives stay where they are until somebody chooses. Not thread-safe.
/// </summary>
internal sealed partial class Conjunction
{
    private readonly HashSet<SchemaNode> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The schemas. The value fulfils all of them.</summary>
    public List<SchemaNode> Nodes { get; } = [];

    /// <summary>Schemas that the value does not fulfil.</summary>
    public List<SchemaNode> Negated { get; } = [];

    /// <summary>Members that the value has if it is an object.</summary>
    public SortedSet<string> Required { get; } = new(StringComparer.Ordinal);

    /// <summary>Alternatives of which one was chosen: the arrays of <c>anyOf</c> and <c>oneOf</c>, the edges of <c>if</c>.</summary>
    public HashSet<object> Chosen { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What kinds of value are left.</summary>
    public ValueKinds Kinds { get; private set; } = ValueKinds.All;

    /// <summary>Whether some schema has a name that is no text: then nothing is to be said of names.</summary>
    public bool HasUnreadableNames { get; private set; }

    public static Conjunction Of(SchemaNode node)
    {
        var made = new Conjunction();
        made.Add(node);
        return made;
    }

    public Conjunction Copy()
    {
        var copy = new Conjunction { Kinds = Kinds, HasUnreadableNames = HasUnreadableNames };
        copy._known.UnionWith(_known);
        copy.Nodes.AddRange(Nodes);
        copy.Negated.AddRange(Negated);
        copy.Required.UnionWith(Required);
        copy.Chosen.UnionWith(Chosen);
        return copy;
    }

    /// <summary>The same for values of one kind.</summary>
    public Conjunction For(ValueKinds kind)
    {
        if (Kinds == kind && (kind != ValueKinds.Object || Nodes.TrueForAll(static node => node.Objects is not { Dependencies.Length: > 0 })))
        {
            return this;
        }

        var copy = Copy();
        copy.Kinds &= kind;
        copy.FollowDependencies();
        return copy;
    }

    /// <summary>The same with one more schema.</summary>
    public Conjunction With(SchemaNode node)
    {
        var copy = Copy();
        copy.Add(node);
        copy.FollowDependencies();
        return copy;
    }

    /// <summary>The same without the values of a schema.</summary>
    public Conjunction Without(SchemaNode node)
    {
        var copy = Copy();
        copy.Negated.Add(node);
        return copy;
    }

    /// <summary>The same for objects that have a member.</summary>
    public Conjunction WithMember(string name)
    {
        var copy = Copy();
        copy.Required.Add(name);
        copy.FollowDependencies();
        return copy;
    }

    public void Add(SchemaNode node)
    {
        if (!_known.Add(node))
        {
            return;
        }

        Nodes.Add(node);
        Kinds &= ValueKindReader.Of(node);
        foreach (var index in node.Objects?.Required ?? [])
        {
            Required.Add(NameOf(node.Objects!, index));
        }

        if (node.InPlace is not { } rules)
        {
            return;
        }

        foreach (var edge in Certain(rules))
        {
            Add(edge.Target);
        }

        if (rules.Not is not null)
        {
            Negated.Add(rules.Not.Target);
        }
    }

    /// <summary>Schemas that apply to the same value whatever it is.</summary>
    public static IEnumerable<SchemaEdge> Certain(InPlaceRules rules)
    {
        SchemaEdge?[] single =
        [
            rules.Ref,
            rules.Dynamic is { ByResource.Length: 0 } dynamic ? dynamic.Initial : null,
            rules.AnyOf.Length == 1 ? rules.AnyOf[0] : null,
            rules.OneOf.Length == 1 ? rules.OneOf[0] : null,
        ];
        return [.. single.OfType<SchemaEdge>(), .. rules.AllOf];
    }

    /// <summary>The ways on from the first choice that is still open: each value takes one of them. Null where none is open.</summary>
    public IReadOnlyList<Conjunction>? Choices()
    {
        foreach (var node in Nodes)
        {
            if (node.InPlace is not { } rules)
            {
                continue;
            }

            if (rules.AnyOf.Length > 1 && !Chosen.Contains(rules.AnyOf))
            {
                return [.. rules.AnyOf.Select(edge => Choose(rules.AnyOf, edge.Target))];
            }

            if (rules.OneOf.Length > 1 && !Chosen.Contains(rules.OneOf))
            {
                return [.. rules.OneOf.Select((edge, i) => Choose(rules.OneOf, edge.Target, [.. rules.OneOf.Where((_, j) => j != i)]))];
            }

            if (rules.If is { } condition && (rules.Then ?? rules.Else) is not null && !Chosen.Contains(condition))
            {
                var holds = Choose(condition, condition.Target);
                var fails = Choose(condition, null, [condition]);
                return [rules.Then is null ? holds : holds.With(rules.Then.Target), rules.Else is null ? fails : fails.With(rules.Else.Target)];
            }
        }

        return null;
    }

    /// <summary>The name that a schema calls by an index.</summary>
    public string NameOf(ObjectRules rules, int index)
    {
        HasUnreadableNames |= !Utf8.IsValid(rules.Names![index]);
        return Encoding.UTF8.GetString(rules.Names[index]);
    }

    private Conjunction Choose(object choice, SchemaNode? chosen, params ReadOnlySpan<SchemaEdge> negated)
    {
        var copy = Copy();
        copy.Chosen.Add(choice);
        foreach (var edge in negated)
        {
            copy.Negated.Add(edge.Target);
        }

        if (chosen is not null)
        {
            copy.Add(chosen);
        }

        copy.FollowDependencies();
        return copy;
    }

    /// <summary>Takes in what members that are certainly there bring with them.</summary>
    private void FollowDependencies()
    {
        if (Kinds != ValueKinds.Object)
        {
            return;
        }

        for (var i = 0; i < Nodes.Count; i++)
        {
            foreach (var dependency in Nodes[i].Objects?.Dependencies ?? [])
            {
                var rules = Nodes[i].Objects!;
                if (!Required.Contains(NameOf(rules, dependency.Name)))
                {
                    continue;
                }

                var before = Required.Count + Nodes.Count;
                Required.UnionWith(dependency.Required.Select(index => NameOf(rules, index)));
                if (dependency.Schema is not null)
                {
                    Add(dependency.Schema.Target);
                }

                if (Required.Count + Nodes.Count > before)
                {
                    // Something new: an earlier schema may depend on it.
                    i = -1;
                    break;
                }
            }
        }
    }
}
