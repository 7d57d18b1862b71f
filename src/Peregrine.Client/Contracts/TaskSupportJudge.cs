using System.Text.Json;

namespace Peregrine.Client.Contracts;

/// <summary>Judges how a tool may be run: plainly, as a task, or either (<c>execution.taskSupport</c>, 2025-11-25).</summary>
internal static class TaskSupportJudge
{
    internal static void Judge(List<ContractChange> changes, string tool, JsonElement old, JsonElement now)
    {
        var (before, after) = (ContractComparer.Member(old, "execution"), ContractComparer.Member(now, "execution"));
        if (ContractComparer.AreEqual(before, after))
        {
            return;
        }

        var (was, isNow) = (Support(before), Support(after));
        var verdict = (was, isNow) switch
        {
            _ when was == isNow => ContractVerdict.Review,
            (_, "optional") => ContractVerdict.Compatible,
            ("forbidden" or "optional" or "required", "forbidden" or "required") => ContractVerdict.Breaking,
            _ => ContractVerdict.Unknown,
        };
        changes.Add(new(tool, "execution", verdict, was == isNow ? "\"execution\" has changed" : $"running it as a task was {was} and is {isNow}", []));
    }

    private static string Support(JsonElement execution) =>
        ContractComparer.Member(execution, "taskSupport") is { ValueKind: JsonValueKind.String } support ? support.GetString()! : "forbidden";
}
