using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

// The replies with which a connection opens.
internal sealed partial class DuplexFront
{
    /// <summary>
    /// Answers from the reader a request whose reply is ready, where nothing else is under way: a client waits for it before it does anything, and the first worker takes milliseconds to begin
    /// (docs/performance.md, "Start").
    /// </summary>
    private bool TryAnswerReady(DuplexExchange exchange)
    {
        if (exchange.Batch is not null || HasOpen || _responder is not IReadyResponder ready || !ready.TryRespondReady(exchange))
        {
            return false;
        }

        AnswerNow(exchange);
        if (ready.Unreported is { } report)
        {
            _scheduler.Schedule(report);
        }

        return true;
    }

    // Listeners may be closed when the connection has ended.
    private void EndReports() => (_responder as IReadyResponder)?.Unreported?.Execute();
}
