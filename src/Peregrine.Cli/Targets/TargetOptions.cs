namespace Peregrine.Cli.Targets;

/// <summary>How to reach a target.</summary>
/// <param name="Timeout">How long to wait for each answer.</param>
/// <param name="Headers">Headers for a URL, such as an API key.</param>
/// <param name="Verbose">Whether to show what a child process writes to its standard error.</param>
internal sealed record TargetOptions(TimeSpan Timeout, IReadOnlyList<KeyValuePair<string, string>> Headers, bool Verbose);
