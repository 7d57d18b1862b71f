using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Objects.</summary>
internal sealed partial class InclusionProver
{
    private bool FulfilsObject(Conjunction sub, ObjectRules rules)
    {
        var required = rules.Required.Select(index => sub.NameOf(rules, index));
        if (!required.All(sub.Required.Contains) || rules.MinProperties > sub.MinProperties || (rules.MaxProperties < sub.MaxProperties && rules.MaxProperties < MostMembers(sub)))
        {
            return false;
        }

        var names = sub.Names();
        for (var i = 0; i < (rules.Names?.Count ?? 0); i++)
        {
            names.Add(sub.NameOf(rules, i));
        }

        var allowed = AllowedNames(sub);
        names.UnionWith(allowed ?? []);
        _abandoned |= sub.HasUnreadableNames;
        return FulfilsNames(sub, rules, names, allowed) && FulfilsMembers(sub, rules, names, allowed) && FulfilsDependencies(sub, rules);
    }

    private bool FulfilsMembers(Conjunction sub, ObjectRules rules, SortedSet<string> names, HashSet<string>? allowed)
    {
        if (sub.MaxProperties == 0)
        {
            return true;
        }

        foreach (var name in names)
        {
            if ((allowed is null || allowed.Contains(name)) && Applied(rules, name) is { Count: > 0 } schemas && IsPossibleName(sub, name)
                && !schemas.TrueForAll(schema => IncludesBelow(Member(sub, name), schema)))
            {
                return false;
            }
        }

        return allowed is not null || FulfilsOtherMembers(sub, rules);
    }

    /// <summary>Members with names that neither side mentions: of them only patterns are known.</summary>
    private bool FulfilsOtherMembers(Conjunction sub, ObjectRules rules)
    {
        foreach (var (pattern, edge) in rules.Patterns)
        {
            if (!IncludesBelow(sub.MatchingMember(pattern.Source), edge.Target))
            {
                return false;
            }
        }

        return rules.Additional is null || IncludesBelow(sub.OtherMember(rules.Patterns.Select(static pattern => pattern.Pattern.Source).ToHashSet(StringComparer.Ordinal)), rules.Additional.Target);
    }

    private bool FulfilsNames(Conjunction sub, ObjectRules rules, SortedSet<string> names, HashSet<string>? allowed)
    {
        if (rules.PropertyNames is not { } wanted || sub.MaxProperties == 0)
        {
            return true;
        }

        var known = new Conjunction();
        foreach (var node in sub.Nodes)
        {
            if (node.Objects?.PropertyNames is { } own)
            {
                known.Add(own.Target);
            }
        }

        if (IncludesKindBelow(known.For(ValueKinds.String), wanted.Target))
        {
            return true;
        }

        // Else each name that can occur by itself, where nothing but named ones can.
        return (allowed is not null || IsClosed(sub))
            && names.All(name => Accepts(wanted.Target, SchemaLiteral.Of(name)) || !IsPossibleName(sub, name) || IsEmptyBelow(Member(sub, name)));
    }

    private bool FulfilsDependencies(Conjunction sub, ObjectRules rules)
    {
        foreach (var dependency in rules.Dependencies)
        {
            var having = sub.WithMember(sub.NameOf(rules, dependency.Name));
            var holds = dependency.Required.All(index => having.Required.Contains(sub.NameOf(rules, index)))
                && (dependency.Schema is null || IncludesKind(having, dependency.Schema.Target));
            if (!holds && !IsEmpty(having))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Members that no keyword of the schema has surely evaluated must fulfil the schema.</summary>
    private bool FulfilsUnevaluated(Conjunction sub, SchemaNode sup, SchemaNode wanted)
    {
        if (IsAnything(wanted))
        {
            return true;
        }

        var sure = Conjunction.Of(sup);
        if (sure.Nodes.Exists(static node => node.Objects?.Additional is not null))
        {
            return true;
        }

        var names = sub.Names();
        names.UnionWith(sure.Names());
        _abandoned |= sub.HasUnreadableNames || sure.HasUnreadableNames;
        foreach (var name in names)
        {
            var isEvaluated = sure.Nodes.Exists(node => node.Objects is { } objects && Applied(objects, name).Count > 0);
            if (!isEvaluated && IsPossibleName(sub, name) && !IncludesBelow(Member(sub, name), wanted))
            {
                return false;
            }
        }

        return IncludesBelow(sub.OtherMember(new HashSet<string>(StringComparer.Ordinal)), wanted);
    }

    private bool IncludesKindBelow(Conjunction sub, SchemaNode sup)
    {
        _level++;
        var includes = IncludesKind(sub, sup);
        _level--;
        return includes;
    }

    /// <summary>What is known of a member with this name.</summary>
    private Conjunction Member(Conjunction sub, string name)
    {
        var member = new Conjunction();
        foreach (var node in sub.Nodes)
        {
            foreach (var schema in node.Objects is { } objects ? Applied(objects, name) : [])
            {
                member.Add(schema);
            }

            if (node.UnevaluatedProperties is { } unevaluated && Evaluating.Of(node) is { EvaluatesOthers: false } evaluating && !evaluating.Names.Contains(name))
            {
                member.Add(unevaluated.Target);
            }
        }

        return member;
    }

    private List<SchemaNode> Applied(ObjectRules rules, string name) => MemberSchemas.Applied(rules, name, ref _abandoned);

    /// <summary>The only names that members may have, where the schemas list them.</summary>
    private static HashSet<string>? AllowedNames(Conjunction sub)
    {
        foreach (var node in sub.Nodes)
        {
            if (node.Objects?.PropertyNames is { } names && FiniteValues(Conjunction.Of(names.Target).For(ValueKinds.String)) is { } values)
            {
                return values.Where(static value => value.Kind == ValueKinds.String).Select(static value => value.ToText()).ToHashSet(StringComparer.Ordinal);
            }
        }

        return null;
    }

    /// <summary>Whether members must have a name that some schema mentions.</summary>
    private bool IsClosed(Conjunction sub) =>
        sub.Nodes.Exists(static node => node.Objects is { Patterns.Length: 0, Additional.Target.IsNever: true }) || IsEmptyBelow(sub.OtherMember(new HashSet<string>(StringComparer.Ordinal)));

    /// <summary>As many members as there can be at most.</summary>
    private long MostMembers(Conjunction sub)
    {
        IEnumerable<string>? allowed = AllowedNames(sub);
        allowed ??= IsClosed(sub) ? sub.Names() : null;
        return allowed is null ? sub.MaxProperties : allowed.Count(name => IsPossibleName(sub, name) && !IsEmptyBelow(Member(sub, name)));
    }
}
