using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools of the session era that do something to the stream on which their caller waits.</summary>
[McpTools]
internal sealed class StreamTools
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>Closes the caller's stream, goes on, and leaves the result for when the caller comes back.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Fires when the caller cancels.</param>
    [McpTool]
    public static async ValueTask<string> TestReconnection(McpCall call, CancellationToken cancellationToken)
    {
        var closed = await call.CloseStreamAsync(RetryAfter, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        return closed ? "The stream was closed, and this was fetched." : "The stream stayed open.";
    }
}
