namespace Peregrine.Cli.Calling;

/// <summary>What to call.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">Its arguments as one JSON object, or null where they are given as pairs.</param>
/// <param name="Pairs">Its arguments one by one.</param>
internal sealed record ToolCall(string Tool, string? Arguments, IReadOnlyList<KeyValuePair<string, string>> Pairs);
