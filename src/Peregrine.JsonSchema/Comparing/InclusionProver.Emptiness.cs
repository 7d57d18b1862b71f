using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Whether a conjunction has no value at all.</summary>
internal sealed partial class InclusionProver
{
    private bool IsEmptyBelow(Conjunction sub)
    {
        _level++;
        var empty = ValueKindReader.Each.All(kind => !sub.Kinds.HasFlag(kind) || IsEmpty(sub.For(kind)));
        _level--;
        return empty;
    }

    /// <summary>Whether a conjunction of one kind is proved to have no value.</summary>
    private bool IsEmpty(Conjunction sub)
    {
        if (sub.Kinds == ValueKinds.None)
        {
            return true;
        }

        if (FiniteValues(sub) is { } values)
        {
            return values.All(value => !Takes(sub, value));
        }

        var key = _identity.Key(sub, null);
        if (_failed.Contains(key) || _openEmptiness.Count > MaxDepth || ++_steps > MaxSteps || !_openEmptiness.Add(key))
        {
            return false;
        }

        var empty = Contradicts(sub) || sub.Negated.Exists(node => IncludesKind(sub, node)) || (sub.Chosen.Count < MaxChoices && sub.Choices()?.All(IsEmpty) == true);
        _openEmptiness.Remove(key);
        return empty;
    }

    private bool Contradicts(Conjunction sub) => sub.Kinds switch
    {
        ValueKinds.String => sub.MinLength > sub.MaxLength,
        ValueKinds.Array => sub.MinItems > sub.MaxItems || HasImpossibleItem(sub),
        ValueKinds.Object => sub.MinProperties > sub.MaxProperties || HasImpossibleMember(sub),
        _ => NumberRange.Of(sub).IsEmpty,
    };

    private bool HasImpossibleItem(Conjunction sub)
    {
        for (var i = 0; i < Math.Min(sub.MinItems, sub.PrefixLength + 1); i++)
        {
            if (IsEmptyBelow(sub.Item(i)))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasImpossibleMember(Conjunction sub)
    {
        foreach (var name in sub.Required)
        {
            if (!IsPossibleName(sub, name) || IsEmptyBelow(Member(sub, name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the names of members that the conjunction takes may be this one.</summary>
    private bool IsPossibleName(Conjunction sub, string name)
    {
        foreach (var node in sub.Nodes)
        {
            if (node.Objects?.PropertyNames is { } names && !Accepts(names.Target, SchemaLiteral.Of(name)))
            {
                return false;
            }
        }

        return true;
    }
}
