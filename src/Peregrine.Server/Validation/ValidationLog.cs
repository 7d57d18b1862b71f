using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Validation;

internal static partial class ValidationLog
{
    [LoggerMessage(EventId = 1401, EventName = "ToolSchemaNotCompiled", Level = LogLevel.Warning,
        Message = "The {Kind} schema of the tool {Tool} cannot be compiled; what needs it is refused. {Fault}")]
    internal static partial void NotCompiled(ILogger logger, string kind, string tool, string fault);

    [LoggerMessage(EventId = 1402, EventName = "ToolResultBroken", Level = LogLevel.Error,
        Message = "A result of the tool {Tool} breaks its output schema (failure {Failure}): {Violations}")]
    internal static partial void ResultBroken(ILogger logger, string tool, long failure, string violations);
}
