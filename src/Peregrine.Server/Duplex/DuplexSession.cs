using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Duplex;

/// <summary>The session of one connection that carries many calls: it ends with the connection, or with the next <c>initialize</c>.</summary>
internal sealed class DuplexSession(ProtocolVersion version, McpClientCapabilities client, DuplexFront front) : PeregrineSession(version, client)
{
    /// <inheritdoc/>
    internal override bool TrySend(ReadOnlySpan<byte> message) => !IsClosed && front.TrySend(message);
}
