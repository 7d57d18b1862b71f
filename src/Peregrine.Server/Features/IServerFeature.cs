using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Features;

/// <summary>One part of the protocol that a server offers: tools, resources, prompts. What no feature answers is answered with -32601. Implementations are thread-safe.</summary>
internal interface IServerFeature
{
    /// <summary>The methods that the feature answers.</summary>
    McpMethod[] Methods { get; }

    /// <summary>
    /// Writes the feature's member of the server's capabilities, such as <c>"tools":{"listChanged":true}</c>, without a comma; nothing where the revision has no such capability.
    /// </summary>
    void WriteCapability(PooledByteWriter writer, ProtocolVersion version);

    /// <summary>Answers a request for one of <see cref="Methods"/>.</summary>
    /// <inheritdoc cref="IMcpResponder.RespondAsync"/>
    ValueTask RespondAsync(McpExchange exchange);
}
