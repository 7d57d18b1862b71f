using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Evaluation;
using Peregrine.JsonSchema.Patterns;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Which schemas a set of rules applies to a member.</summary>
internal static class MemberSchemas
{
    /// <summary>The schemas for a name.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="name">The name.</param>
    /// <param name="timedOut">Set where a pattern took too long: then the answer is not certain.</param>
    public static List<SchemaNode> Applied(ObjectRules rules, string name, ref bool timedOut)
    {
        List<SchemaNode> schemas = [];
        var utf8 = Encoding.UTF8.GetBytes(name);
        var index = rules.Names?.Find(utf8) ?? -1;
        var evaluated = index >= 0 && rules.Properties[index] is not null;
        if (evaluated)
        {
            schemas.Add(rules.Properties[index]!.Target);
        }

        foreach (var (pattern, edge) in rules.Patterns)
        {
            if (Matches(pattern, utf8, ref timedOut))
            {
                evaluated = true;
                schemas.Add(edge.Target);
            }
        }

        if (!evaluated && rules.Additional is not null)
        {
            schemas.Add(rules.Additional.Target);
        }

        return schemas;
    }

    private static bool Matches(EcmaPattern pattern, byte[] name, ref bool timedOut)
    {
        var scratch = EvaluationScratch.Rent();
        var result = pattern.Match(name, scratch);
        scratch.Return();
        timedOut |= result == PatternResult.TimedOut;
        return result == PatternResult.Match;
    }
}
