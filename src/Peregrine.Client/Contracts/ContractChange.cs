namespace Peregrine.Client.Contracts;

/// <summary>One change of a tool.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Part">What of it: <c>tool</c>, <c>input</c>, <c>output</c>, <c>title</c>, <c>description</c>, <c>annotations</c>, <c>execution</c>, <c>icons</c> or <c>other</c>.</param>
/// <param name="Verdict">What it means.</param>
/// <param name="Message">What has changed and why it is judged so, one line for a person.</param>
/// <param name="Details">Places in the part that differ, one line each; may be empty.</param>
public sealed record ContractChange(string Tool, string Part, ContractVerdict Verdict, string Message, IReadOnlyList<string> Details)
{
    /// <summary>Verdict, tool, part and message in one line.</summary>
    public override string ToString() => $"{Verdict}: {Tool}, {Part}: {Message}";
}
