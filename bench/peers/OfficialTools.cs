using System.Globalization;
using ModelContextProtocol.Server;

namespace Peregrine.Bench.Official;

/// <summary>The tools of both official servers: <c>echo</c>, <c>add</c>, <c>slow</c>, and as many numbered ones as asked for.</summary>
internal static class OfficialTools
{
    public static McpServerOptions CreateOptions(string name, int numberedTools)
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>
        {
            McpServerTool.Create((string message) => message, new() { Name = "echo", Description = "Returns the message.", ReadOnly = true }),
            McpServerTool.Create((double a, double b) => (a + b).ToString(CultureInfo.InvariantCulture), new() { Name = "add", Description = "Adds two numbers.", ReadOnly = true }),
            McpServerTool.Create(SlowAsync, new() { Name = "slow", Description = "Answers after the given number of milliseconds.", ReadOnly = true }),
        };
        for (int number = 1; number <= numberedTools; number++)
            tools.Add(McpServerTool.Create((string message) => message, new() { Name = string.Create(CultureInfo.InvariantCulture, $"tool{number}"), Description = "Returns the message." }));

        return new McpServerOptions
        {
            ServerInfo = new() { Name = name, Version = "1.0.0" },
            ToolCollection = tools,
            // No tool takes a service, and over HTTP the request has its own scope already.
            ScopeRequests = false,
        };
    }

    private static async Task<string> SlowAsync(int ms, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(ms), TimeProvider.System, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"waited {ms} ms");
    }
}
