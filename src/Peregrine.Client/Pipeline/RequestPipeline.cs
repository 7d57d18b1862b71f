using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pipeline;

/// <summary>
/// A step that requests pass through. Every request of a client does, whatever its method; only the handshake and the server's questions do not. Thread-safe.
/// </summary>
internal abstract class RequestPipeline
{
    /// <summary>Sends a request, here or through the next step.</summary>
    /// <returns>The reply, also where it is an error; the caller's to dispose.</returns>
    internal abstract ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken);
}
