using System.Globalization;
using System.Text;
using Peregrine.Execution.Scheduling;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;
using Peregrine.Server.Dispatch;

namespace Peregrine.Server.Scheduling;

/// <summary>Answers calls that may not run, or have run too long. No state.</summary>
internal static class CallRefusals
{
    /// <summary>Answers 4001, with when to try again.</summary>
    internal static void Overloaded(McpExchange exchange, in CallAdmission refused)
    {
        if (refused.Refusal == RefusalReason.Cancelled)
        {
            exchange.Fail(ErrorCodes.Overloaded, "The call was cancelled before it began", "{\"retryable\":true}"u8);
            return;
        }

        var why = refused.Refusal switch
        {
            RefusalReason.Client => "this client has as many calls running and waiting as it may have",
            RefusalReason.Class => $"as many calls of \"{refused.Class.Name}\" run and wait as may",
            RefusalReason.QueueTime => "the call waited for its turn as long as calls may wait",
            _ => "as many calls run and wait as may",
        };
        Overloaded(exchange, $"Overloaded: {why}; the call has not run, try again later", refused.RetryAfter, refused.Refusal != RefusalReason.Client);
    }

    /// <summary>Answers 4001, with when to try again.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="message">Why.</param>
    /// <param name="retryAfter">When.</param>
    /// <param name="isServerBusy">False where only this client asks too much.</param>
    internal static void Overloaded(McpExchange exchange, string message, TimeSpan retryAfter, bool isServerBusy)
    {
        var milliseconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalMilliseconds));
        exchange.Fail(ErrorCodes.Overloaded, message,
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"retryable\":true,\"retryAfterMs\":{milliseconds}}}")));
        exchange.SetRetry(retryAfter, isServerBusy);
    }

    /// <summary>Answers 4002. Only what does no harm twice is worth a retry: the tool has run, perhaps to its end.</summary>
    internal static void TimedOut(McpExchange exchange, McpHandler handler, TimeSpan took)
    {
        var mayRepeat = handler is not McpToolHandler tool || tool.Definition.ReadOnly == true || tool.Definition.Idempotent == true;
        exchange.Fail(ErrorCodes.TimedOut,
            string.Create(CultureInfo.InvariantCulture, $"Timed out: the {handler.Kind} \"{handler.Name}\" did not end within {took.TotalSeconds:0.###} seconds; it was told to stop, and may have done its work"),
            mayRepeat ? "{\"retryable\":true}"u8 : "{\"retryable\":false}"u8);
    }
}
