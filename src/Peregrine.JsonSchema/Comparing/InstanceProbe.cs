using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Evaluation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Asks the rules that a schema has for strings about one string.</summary>
internal readonly struct InstanceProbe(SchemaNode node)
{
    /// <summary>Whether the string's text is taken, as far as its pattern goes.</summary>
    /// <param name="json">The string as JSON.</param>
    public bool Takes(string json)
    {
        var scratch = EvaluationScratch.Rent();
        var raw = Encoding.UTF8.GetBytes(json[1..^1]);
        var taken = node.Strings!.Pattern!.Match(JsonStrings.ToArray(raw, raw.AsSpan().Contains((byte)'\\')), scratch) == Patterns.PatternResult.Match;
        scratch.Return();
        return taken;
    }
}
