namespace Peregrine.Bench.Peers.Http;

/// <summary>Where wrk and its scripts are.</summary>
/// <param name="Path">The program.</param>
/// <param name="Scripts">The folder with one script for each era.</param>
internal sealed record WrkTool(string Path, string Scripts);
