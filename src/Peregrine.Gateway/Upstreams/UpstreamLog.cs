using Microsoft.Extensions.Logging;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Log messages about servers behind the gateway.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(1501, LogLevel.Information, "{Upstream}: ready after {Milliseconds} ms, {Tools} tools, protocol {Version}")]
    internal static partial void Ready(ILogger logger, string upstream, long milliseconds, int tools, string version);

    [LoggerMessage(1502, LogLevel.Warning, "{Upstream}: {Reason} Trying again in {Milliseconds} ms")]
    internal static partial void Lost(ILogger logger, string upstream, string reason, long milliseconds);

    [LoggerMessage(1503, LogLevel.Information, "{Upstream}: its {Lists} changed")]
    internal static partial void Changed(ILogger logger, string upstream, string lists);

    [LoggerMessage(1504, LogLevel.Warning, "{Upstream}: its lists changed, but could not be read again: {Reason}")]
    internal static partial void RefreshFailed(ILogger logger, string upstream, string reason);

    [LoggerMessage(1505, LogLevel.Error, "{Upstream}: answering a call failed")]
    internal static partial void CallFailed(ILogger logger, string upstream, Exception exception);

    [LoggerMessage(1506, LogLevel.Warning, "{Upstream}: the tool {Tool} is left out: its input schema {Fault}")]
    internal static partial void LeftOut(ILogger logger, string upstream, string tool, string fault);
}
