namespace Peregrine.Bench.Peers.Targets;

/// <summary>A program that a row measures.</summary>
/// <param name="Id">Short name, as on the command line and in the JSON.</param>
/// <param name="Label">What it is, for people.</param>
/// <param name="Role">What it is to the comparison.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
/// <param name="Command">Its command line for a port (which stdio programs ignore).</param>
internal sealed record Target(string Id, string Label, TargetRole Role, string? Missing, Func<int, IReadOnlyList<string>> Command);
