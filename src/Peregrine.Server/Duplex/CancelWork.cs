namespace Peregrine.Server.Duplex;

/// <summary>Cancels one call away from the reader: the callbacks of its token are the tool's code.</summary>
internal sealed class CancelWork(DuplexExchange exchange) : IThreadPoolWorkItem
{
    private readonly int _generation = exchange.Generation;

    // The call may have ended and the exchange may carry another one by now: that one is not meant.
    public void Execute() => exchange.CancelIf(_generation);
}
