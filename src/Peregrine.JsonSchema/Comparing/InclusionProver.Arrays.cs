using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Arrays.</summary>
internal sealed partial class InclusionProver
{
    // Beyond it a schema of places is no longer worth a proof for each.
    private const int MaxPlaces = 256;

    private bool FulfilsArray(Conjunction sub, ArrayRules rules)
    {
        var places = Math.Max(sub.PrefixLength, rules.Prefix.Length);
        if (rules.MinItems > sub.MinItems || rules.MaxItems < sub.MaxItems || (rules.UniqueItems && !sub.HasUniqueItems && sub.MaxItems > 1) || places > MaxPlaces)
        {
            return false;
        }

        for (var i = 0; i <= places && i < sub.MaxItems; i++)
        {
            if (Conjunction.ItemSchema(rules, i) is { } schema && !IncludesBelow(sub.Item(i), schema))
            {
                return false;
            }
        }

        return rules.Contains is null || (ContainsEnough(sub, rules) && ContainsFewEnough(sub, rules));
    }

    private bool ContainsEnough(Conjunction sub, ArrayRules rules)
    {
        var wanted = rules.Contains!.Target;
        if (rules.MinContains == 0 || sub.Nodes.Exists(node => node.Arrays is { Contains: { } own } arrays && arrays.MinContains >= rules.MinContains && IncludesBelow(Conjunction.Of(own.Target), wanted)))
        {
            return true;
        }

        if (sub.MinItems < rules.MinContains)
        {
            return false;
        }

        for (var i = 0; i <= Math.Min(sub.PrefixLength, MaxPlaces) && i < sub.MaxItems; i++)
        {
            if (!IncludesBelow(sub.Item(i), wanted))
            {
                return false;
            }
        }

        return sub.PrefixLength <= MaxPlaces;
    }

    private bool ContainsFewEnough(Conjunction sub, ArrayRules rules) =>
        sub.MaxItems <= rules.MaxContains
        || rules.MaxContains == long.MaxValue
        || sub.Nodes.Exists(node => node.Arrays is { Contains: { } own } arrays && arrays.MaxContains <= rules.MaxContains && IncludesBelow(Conjunction.Of(rules.Contains!.Target), own.Target));
}
