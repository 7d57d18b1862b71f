using System.Text.Json;
using Peregrine.JsonSchema;
using Peregrine.JsonSchema.Comparing;

namespace Peregrine.Client.Contracts;

/// <summary>
/// Judges schemas by who sends and who takes: arguments are sent by callers who know the old schema and taken by the new server; results are sent by the new server and taken by callers who know the old
/// schema. Compatible is what is proved for everything that the sender's schema allows. Where that fails only with members that the sender's schema does not name, it is for a person to look: few send those.
/// </summary>
internal static class SchemaJudge
{
    private const int MostDetails = 20;

    // A format says what is meant even where nobody asserts it.
    private static readonly JsonSchemaOptions Options = new() { AssertFormat = true };

    internal static void Judge(List<ContractChange> changes, string tool, JsonElement old, JsonElement now)
    {
        var (oldInput, newInput) = (ContractComparer.Member(old, "inputSchema"), ContractComparer.Member(now, "inputSchema"));
        var (oldOutput, newOutput) = (ContractComparer.Member(old, "outputSchema"), ContractComparer.Member(now, "outputSchema"));
        if (!ContractComparer.AreEqual(oldInput, newInput))
        {
            changes.Add(JudgeInput(tool, oldInput, newInput));
        }

        if (ContractComparer.AreEqual(oldOutput, newOutput))
        {
            return;
        }

        changes.Add(oldOutput.ValueKind == JsonValueKind.Undefined ? new(tool, "output", ContractVerdict.Compatible, "structured results are described now", [])
            : newOutput.ValueKind == JsonValueKind.Undefined ? new(tool, "output", ContractVerdict.Breaking, "structured results are no longer described", [])
            : JudgeOutput(tool, oldOutput, newOutput));
    }

    private static ContractChange JudgeInput(string tool, JsonElement old, JsonElement now)
    {
        var side = new Side(tool, "input", "the arguments", "what callers send", "is refused now", "takes what it took, and more");
        if (!TryCompare(Text(old), Text(now), out var comparison, out var fault))
        {
            return new(tool, "input", ContractVerdict.Unknown, fault!, []);
        }

        var change = comparison!.TakesAllOld == SchemaInclusion.Fails && TryCompare(SchemaClosing.Close(old), Text(now), out var closed, out _)
            ? side.Judge(closed!.TakesAllOld, closed.RefusedNow, comparison.RefusedNow, isStrict: false, comparison)
            : side.Judge(comparison.TakesAllOld, comparison.RefusedNow, null, isStrict: true, comparison);
        var gone = Properties(old).Except(Properties(now), StringComparer.Ordinal).ToList();
        return change.Verdict <= ContractVerdict.Compatible && gone.Count > 0
            ? change with { Verdict = ContractVerdict.Review, Message = $"the arguments no longer name {string.Join(", ", gone)}; what callers send there is taken and probably ignored" }
            : change;
    }

    private static ContractChange JudgeOutput(string tool, JsonElement old, JsonElement now)
    {
        var side = new Side(tool, "output", "the results", "what callers may be sent", "was never sent before", "are within what they were");
        if (!TryCompare(Text(old), Text(now), out var comparison, out var fault))
        {
            return new(tool, "output", ContractVerdict.Unknown, fault!, []);
        }

        return comparison!.TakesOnlyOld == SchemaInclusion.Fails && TryCompare(Text(old), SchemaClosing.Close(now), out var closed, out _)
            ? side.Judge(closed!.TakesOnlyOld, closed.TakenNow, comparison.TakenNow, isStrict: false, comparison)
            : side.Judge(comparison.TakesOnlyOld, comparison.TakenNow, null, isStrict: true, comparison);
    }

    private static bool TryCompare(byte[] old, byte[] now, out SchemaComparison? comparison, out string? fault)
    {
        try
        {
            (comparison, fault) = (SchemaComparer.Compare(old, now, Options), null);
            return true;
        }
        catch (JsonSchemaException exception)
        {
            (comparison, fault) = (null, $"a schema cannot be compiled, and so not compared: {exception.Message}");
            return false;
        }
    }

    private static byte[] Text(JsonElement schema) => schema.ValueKind == JsonValueKind.Undefined ? "true"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(schema, ContractJson.Default.JsonElement);

    private static IEnumerable<string> Properties(JsonElement schema) =>
        ContractComparer.Member(schema, "properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().Select(static property => property.Name) : [];

    /// <summary>The words for one side of a tool.</summary>
    private sealed record Side(string Tool, string Part, string Subject, string Sent, string Harm, string Compatible)
    {
        /// <param name="inclusion">Whether all that is sent is taken.</param>
        /// <param name="example">What is sent and not taken.</param>
        /// <param name="unnamed">What could be sent beyond the names of the schema and is not taken.</param>
        /// <param name="isStrict">Whether the sender was thought to send everything that its schema allows.</param>
        /// <param name="comparison">The schemas as they are.</param>
        internal ContractChange Judge(SchemaInclusion inclusion, string? example, string? unnamed, bool isStrict, SchemaComparison comparison)
        {
            var details = comparison.Differences.Take(MostDetails).Select(static difference => difference.ToString()).ToArray();
            return inclusion switch
            {
                SchemaInclusion.Fails => new(Tool, Part, ContractVerdict.Breaking, $"{Subject}: {example} {Harm}", details),
                SchemaInclusion.Unknown => new(Tool, Part, ContractVerdict.Unknown, $"{Subject} have changed, and whether all {Sent} is taken could not be shown", details),
                _ when !isStrict => new(Tool, Part, ContractVerdict.Review, $"{Subject}: all that the schema names is taken; {unnamed}, which it left open, {Harm}", details),
                _ when comparison.Change != SchemaChange.Same => new(Tool, Part, ContractVerdict.Compatible, $"{Subject}: {Compatible}", details),
                _ when comparison.Differences.Any(static difference => difference.IsAnnotation) => new(Tool, Part, ContractVerdict.Review, $"{Subject} are described otherwise", details),
                _ => new(Tool, Part, ContractVerdict.Compatible, $"{Subject} are written otherwise and mean the same", details),
            };
        }
    }
}
