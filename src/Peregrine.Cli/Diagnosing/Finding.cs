namespace Peregrine.Cli.Diagnosing;

/// <summary>The outcome of one check.</summary>
/// <param name="Id">The check's name, the same in every version of the tool.</param>
/// <param name="Section">Where the specification says it: revision and section.</param>
/// <param name="Title">What was checked.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Detail">What was found; empty where all is as it should be.</param>
internal sealed record Finding(string Id, string Section, string Title, Verdict Verdict, string Detail);
