namespace Peregrine.Load.Results;

/// <summary>Which server was measured.</summary>
/// <param name="Name">Its URL or command.</param>
/// <param name="Transport"><c>http</c> or <c>stdio</c>.</param>
/// <param name="ProtocolVersion">The MCP revision that was spoken.</param>
/// <param name="Server">What it calls itself; null where it does not say.</param>
public sealed record TargetData(string Name, string Transport, string ProtocolVersion, string? Server);
