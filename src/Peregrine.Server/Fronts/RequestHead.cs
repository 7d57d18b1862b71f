using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.Fronts;

/// <summary>What the headers of an HTTP request of the stateless era say about its body.</summary>
/// <param name="Version">From <c>MCP-Protocol-Version</c>.</param>
/// <param name="Method">From <c>Mcp-Method</c>.</param>
/// <param name="Name">From <c>Mcp-Name</c>, as received (perhaps Base64); null where absent.</param>
/// <param name="ContentLength">The body's length, where it was announced.</param>
public readonly record struct RequestHead(ProtocolVersion Version, McpMethod Method, string? Name, long? ContentLength);
