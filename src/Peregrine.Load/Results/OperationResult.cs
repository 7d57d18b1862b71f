namespace Peregrine.Load.Results;

/// <summary>What became of one operation.</summary>
/// <param name="Name">Its name in the workload.</param>
/// <param name="Method">The MCP method.</param>
/// <param name="Succeeded">Calls that ended well.</param>
/// <param name="Failed">Calls that did not.</param>
/// <param name="Response">From when a call was due.</param>
public sealed record OperationResult(string Name, string Method, long Succeeded, long Failed, LatencyData Response);
