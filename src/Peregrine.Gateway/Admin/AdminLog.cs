using Microsoft.Extensions.Logging;

namespace Peregrine.Gateway.Admin;

/// <summary>Log messages about the admin API.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(1531, LogLevel.Information, "Over the admin API, from {Remote}: {Action}")]
    internal static partial void Done(ILogger logger, string remote, string action);

    [LoggerMessage(1532, LogLevel.Error, "The admin API failed to answer")]
    internal static partial void Failed(ILogger logger, Exception exception);
}
