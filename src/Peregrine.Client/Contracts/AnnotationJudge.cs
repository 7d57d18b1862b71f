using System.Text.Json;

namespace Peregrine.Client.Contracts;

/// <summary>
/// Judges the annotations: callers act on what they promise. A promise that no longer holds is breaking: a host that runs read-only tools without asking, or repeats idempotent calls, would do harm. A new
/// promise is one to look at. What is not said counts as MCP's default.
/// </summary>
internal static class AnnotationJudge
{
    internal static void Judge(List<ContractChange> changes, string tool, JsonElement old, JsonElement now)
    {
        var (before, after) = (ContractComparer.Member(old, "annotations"), ContractComparer.Member(now, "annotations"));
        if (ContractComparer.AreEqual(before, after))
        {
            return;
        }

        var count = changes.Count;
        var (wasReadOnly, isReadOnly) = (Hint(before, "readOnlyHint", false), Hint(after, "readOnlyHint", false));
        Promise(changes, tool, wasReadOnly, isReadOnly, "changes nothing (readOnlyHint)");

        // A tool that changes nothing neither destroys nor does anything twice, whatever else it says.
        Promise(changes, tool, wasReadOnly || !Hint(before, "destructiveHint", true), isReadOnly || !Hint(after, "destructiveHint", true), "destroys nothing (destructiveHint)");
        Promise(changes, tool, wasReadOnly || Hint(before, "idempotentHint", false), isReadOnly || Hint(after, "idempotentHint", false), "has no further effect when it is repeated (idempotentHint)");
        Promise(changes, tool, !Hint(before, "openWorldHint", true), !Hint(after, "openWorldHint", true), "does not reach out into the world (openWorldHint)");
        if (!ContractComparer.AreEqual(ContractComparer.Member(before, "title"), ContractComparer.Member(after, "title")))
        {
            changes.Add(new(tool, "annotations", ContractVerdict.Review, "the title has changed", []));
        }

        if (changes.Count == count)
        {
            changes.Add(new(tool, "annotations", ContractVerdict.Compatible, "the annotations are written otherwise and promise the same", []));
        }
    }

    private static void Promise(List<ContractChange> changes, string tool, bool before, bool after, string promise)
    {
        if (before != after)
        {
            changes.Add(after
                ? new(tool, "annotations", ContractVerdict.Review, $"it now promises that it {promise}", [])
                : new(tool, "annotations", ContractVerdict.Breaking, $"it no longer promises that it {promise}", []));
        }
    }

    private static bool Hint(JsonElement annotations, string name, bool otherwise) => ContractComparer.Member(annotations, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };
}
