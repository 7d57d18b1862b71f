namespace Peregrine.Transport.Connections;

/// <summary>Answers a request of the server; see <see cref="IncomingHandler.RespondAsync"/>.</summary>
/// <param name="request">The request and the place of its answer.</param>
/// <param name="cancellationToken">Fires when the server takes it back or the connection ends.</param>
internal delegate ValueTask RequestCallback(IncomingRequest request, CancellationToken cancellationToken);
