namespace Peregrine.JsonSchema;

/// <summary>One violation.</summary>
/// <param name="InstanceLocation">Where in the instance, a JSON pointer; empty for its root.</param>
/// <param name="KeywordLocation">The way through the schema, references included, a JSON pointer: <c>/properties/city/$ref/type</c>.</param>
/// <param name="AbsoluteKeywordLocation">Where the keyword is written: the schema's URI (empty without <c>$id</c>), <c>#</c> and a JSON pointer.</param>
/// <param name="Keyword">The keyword; empty where the schema is <c>false</c> or the instance could not be judged.</param>
/// <param name="Message">What is wrong and what was expected, a sentence for a person or a model.</param>
public sealed record ValidationError(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Keyword, string Message)
{
    /// <summary>The place and the sentence: <c>/city: expected a string, found 42</c>.</summary>
    public override string ToString() => $"{(InstanceLocation.Length == 0 ? "/" : InstanceLocation)}: {Message}";
}
