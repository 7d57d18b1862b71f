using System.Text.Json;

namespace Peregrine.Client.Contracts;

/// <summary>
/// Judges what became of a contract by what it means for callers, and not by how it is written. No state. What is called compatible was proved; where a schema breaks callers, the change comes with an
/// example that shows it.
/// </summary>
public static class ContractComparer
{
    // Parts with a judgement of their own; what else a tool says of itself is looked at by people.
    private static readonly string[] Judged = ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "execution", "icons"];

    /// <summary>Compares two contracts of one server.</summary>
    /// <param name="before">The one that callers rely on.</param>
    /// <param name="after">The new one.</param>
    public static ContractComparison Compare(ServerContract before, ServerContract after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var old = before.Tools.ToDictionary(static tool => tool.Name, StringComparer.Ordinal);
        var now = after.Tools.ToDictionary(static tool => tool.Name, StringComparer.Ordinal);
        List<ContractChange> changes = [];
        foreach (var name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            if (!now.TryGetValue(name, out var added))
            {
                changes.Add(new(name, "tool", ContractVerdict.Breaking, "the tool is gone", []));
            }
            else if (!old.TryGetValue(name, out var known))
            {
                changes.Add(new(name, "tool", ContractVerdict.Compatible, "the tool is new", []));
            }
            else
            {
                changes.AddRange(Compare(known, added));
            }
        }

        return new ContractComparison(changes);
    }

    /// <summary>Compares two versions of one tool.</summary>
    /// <param name="before">The one that callers rely on.</param>
    /// <param name="after">The new one.</param>
    /// <returns>The changes; empty where both say the same.</returns>
    public static IReadOnlyList<ContractChange> Compare(ToolContract before, ToolContract after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (before.Definition, after.Definition);
        List<ContractChange> changes = [];
        SchemaJudge.Judge(changes, before.Name, old, now);
        JudgeText(changes, before.Name, old, now, "title");
        JudgeText(changes, before.Name, old, now, "description");
        AnnotationJudge.Judge(changes, before.Name, old, now);
        TaskSupportJudge.Judge(changes, before.Name, old, now);
        if (Differs(old, now, "icons"))
        {
            changes.Add(new(before.Name, "icons", ContractVerdict.Compatible, "the icons have changed", []));
        }

        foreach (var member in Names(old).Union(Names(now)).Except(Judged).Where(member => Differs(old, now, member)))
        {
            changes.Add(new(before.Name, "other", ContractVerdict.Review, $"\"{member}\" has changed", []));
        }

        return changes;
    }

    /// <summary>The value of a member; undefined where there is none.</summary>
    internal static JsonElement Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;

    private static bool Differs(JsonElement old, JsonElement now, string member) => !AreEqual(Member(old, member), Member(now, member));

    internal static bool AreEqual(JsonElement one, JsonElement other) =>
        one.ValueKind == JsonValueKind.Undefined || other.ValueKind == JsonValueKind.Undefined ? one.ValueKind == other.ValueKind : JsonElement.DeepEquals(one, other);

    private static IEnumerable<string> Names(JsonElement definition) => definition.EnumerateObject().Select(static member => member.Name);

    // Models read both, and act on them.
    private static void JudgeText(List<ContractChange> changes, string tool, JsonElement old, JsonElement now, string part)
    {
        if (Differs(old, now, part))
        {
            changes.Add(new(tool, part, ContractVerdict.Review, $"the {part} has changed", [$"{Shown(Member(old, part))} → {Shown(Member(now, part))}"]));
        }
    }

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "(absent)" : value.GetRawText();
}
