namespace Peregrine.Server.Fronts;

/// <summary>
/// A responder that has the replies ready with which a connection opens: whoever reads the connection may take them by itself, without waking a worker. Thread-safe.
/// </summary>
internal interface IReadyResponder : IMcpResponder
{
    /// <summary>Answers a request whose reply is ready, without running code of the user's and without waiting for anything.</summary>
    /// <returns>False where it is to go the usual way: nothing has happened then.</returns>
    bool TryRespondReady(McpExchange exchange);

    /// <summary>
    /// What is still to be told of requests that were answered so, or null. To be run when their replies are sent, not by whoever reads; and before the connection ends.
    /// </summary>
    IThreadPoolWorkItem? Unreported { get; }
}
