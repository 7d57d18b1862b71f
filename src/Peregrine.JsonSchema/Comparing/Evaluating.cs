using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Which members a schema may evaluate by itself or by what applies in place, so that its <c>unevaluatedProperties</c> does not see them.</summary>
/// <param name="EvaluatesOthers">Whether there may be members among them that are not called by name.</param>
/// <param name="Names">Those that are called by name.</param>
internal sealed record Evaluating(bool EvaluatesOthers, HashSet<string> Names)
{
    /// <summary>What may be evaluated, by any alternative.</summary>
    public static Evaluating Of(SchemaNode node)
    {
        HashSet<SchemaNode> seen = new(ReferenceEqualityComparer.Instance);
        var result = new Evaluating(false, new(StringComparer.Ordinal));
        var names = new Conjunction();
        Stack<SchemaNode> open = new([node]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            var isOpen = next.Objects is { } objects && (objects.Patterns.Length > 0 || objects.Additional is not null);
            var isOther = !ReferenceEquals(next, node) && next.UnevaluatedProperties is not null;
            result = result with { EvaluatesOthers = result.EvaluatesOthers || isOpen || isOther || next.InPlace?.Dynamic is { ByResource.Length: > 0 } || names.HasUnreadableNames };
            for (var i = 0; i < (next.Objects?.Properties.Length ?? 0); i++)
            {
                if (next.Objects!.Properties[i] is not null)
                {
                    result.Names.Add(names.NameOf(next.Objects, i));
                }
            }

            foreach (var edge in next.InPlace?.Edges ?? [])
            {
                open.Push(edge.Target);
            }

            foreach (var dependency in next.Objects?.Dependencies ?? [])
            {
                if (dependency.Schema is not null)
                {
                    open.Push(dependency.Schema.Target);
                }
            }
        }

        return result;
    }
}
