using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Upstreams;

/// <summary>A request that the gateway itself makes of a responder in the same process.</summary>
internal sealed class InProcessExchange : McpExchange
{
    internal InProcessExchange(ReadOnlySpan<byte> message)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            throw new ArgumentException("Not a JSON-RPC message.", nameof(message));
        }

        Load(message, envelope);
        SetVersion(ProtocolVersions.LatestOfSessionEra);
    }

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) => default;
}
