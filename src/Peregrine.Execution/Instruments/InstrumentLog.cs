using Microsoft.Extensions.Logging;
using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Instruments;

internal static partial class InstrumentLog
{
    [LoggerMessage(EventId = 7401, EventName = "SlowCall", Level = LogLevel.Warning, Message = "{Method} {Name} took {Milliseconds} ms ({Outcome}).")]
    internal static partial void SlowCall(ILogger logger, string method, string? name, long milliseconds, RequestOutcome outcome);
}
