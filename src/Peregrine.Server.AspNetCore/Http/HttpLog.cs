using Microsoft.Extensions.Logging;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.AspNetCore.Http;

internal static partial class HttpLog
{
    [LoggerMessage(EventId = 2001, EventName = "RespondingFailed", Level = LogLevel.Error, Message = "Answering {Method} failed.")]
    internal static partial void Failed(ILogger logger, McpMethod method, Exception exception);
}
