using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that answer by themselves, in both eras.</summary>
[McpTools]
internal sealed class SimpleTools
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns a text.</summary>
    [McpTool]
    public static string TestSimpleText() => "This is a simple text response for testing.";

    /// <summary>Fails, with a message for the caller.</summary>
    [McpTool]
    public static string TestErrorHandling() => throw new McpToolException("This tool intentionally returns an error for testing");

    /// <summary>Tells of its progress three times.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Fires when the caller cancels.</param>
    [McpTool]
    public static async ValueTask<string> TestToolWithProgress(McpCall call, CancellationToken cancellationToken)
    {
        await call.ReportProgressAsync(0, 100, "Completed step 0 of 100", cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        await call.ReportProgressAsync(50, 100, "Completed step 50 of 100", cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        await call.ReportProgressAsync(100, 100, "Completed step 100 of 100", cancellationToken);
        return "Progress was reported three times.";
    }
}
