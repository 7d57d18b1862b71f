using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>Says what failed in a result that is made while it is sent. Thread-safe.</summary>
internal static class ToolFailures
{
    private static long _failures;

    /// <summary>What the caller is told; the rest goes to the log.</summary>
    internal static string Describe(McpCall call, Exception exception)
    {
        if (exception is McpToolException)
        {
            return exception.Message;
        }

        var exchange = call.Exchange;
        if (exception is OperationCanceledException && (exchange.IsCancelled || exchange.CancellationToken.IsCancellationRequested))
        {
            return "The call was cancelled.";
        }

        var name = JsonText.TryGetString(exchange.Envelope.Name.Of(exchange.Body.Span), out var text) ? EraRules.Shorten(text) : "";
        var id = Interlocked.Increment(ref _failures);
        ToolLog.StreamFailed(Logger(call.Server), name, id, exception);
        return $"The tool \"{name}\" failed after it had begun to answer. The server's log has the details under stream failure {id}.";
    }

    /// <summary>Notes a failure of which nobody can be told any more.</summary>
    internal static void NoteAfterEnd(PeregrineServer server, Exception exception) => ToolLog.StreamEndFailed(Logger(server), exception);

    private static ILogger Logger(PeregrineServer server) => server.Loggers.CreateLogger("Peregrine.Server.Tools");
}
