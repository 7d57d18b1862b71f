namespace Peregrine.Transport.Connections;

/// <summary>Takes note that a server has ended the event stream of a request that goes on.</summary>
/// <param name="state">What the sender of the request gave along.</param>
/// <param name="retryAfter">When the connection goes back for the rest.</param>
/// <param name="cancellationToken">Fires when the request is given up.</param>
internal delegate ValueTask StreamClosedCallback(object? state, TimeSpan retryAfter, CancellationToken cancellationToken);
