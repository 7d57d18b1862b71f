using System.Diagnostics;
using System.Text.Json;
using Peregrine.Server;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;

namespace Peregrine.Bench.Generator.Slowed;

/// <summary>A server on standard input and output whose echo costs as much more time as it is told: a regression of a known size.</summary>
internal static class SlowedServer
{
    public static async Task<int> RunAsync(int nanoseconds)
    {
        var ticks = (long)(nanoseconds * (Stopwatch.Frequency / 1e9));
        var definition = new McpToolDefinition
        {
            Name = "echo",
            Description = "Returns the message.",
            InputSchema = """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""u8.ToArray(),
        };
        await PeregrineServer.CreateBuilder("slowed", "1").AddTool(definition, call =>
        {
            using var arguments = JsonDocument.Parse(call.RawArguments);
            call.ReturnText(arguments.RootElement.GetProperty("message").GetString());
            for (var until = Stopwatch.GetTimestamp() + ticks; ticks > 0 && Stopwatch.GetTimestamp() < until;)
            {
            }

            return default;
        }).RunStdioAsync();
        return 0;
    }
}
