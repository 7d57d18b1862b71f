using System.Globalization;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Cli.Serving;

/// <summary>The sample server: small tools to call, to measure and to break, and a few resources and prompts.</summary>
internal static class SampleServer
{
    /// <summary>As many numbered tools as can be asked for.</summary>
    internal const int MaxNumberedTools = 10_000;

    private const string Version = "0.1.0";

    /// <summary>Describes the server.</summary>
    /// <param name="numberedTools">How many tools to have beside the sample ones: they do nothing, and make lists long.</param>
    internal static PeregrineServerBuilder Describe(int numberedTools)
    {
        var builder = PeregrineServer.CreateBuilder("peregrine-sample", Version).AddTools(new SampleTools()).AddSampleResources().AddSamplePrompts()
            // generate{bytes} is there to find out what happens with replies as long as clients take them.
            .Configure(static options => options with { Memory = options.Memory with { MaxStreamBytes = 64 * 1024 * 1024 } });
        for (var i = 1; i <= numberedTools; i++)
        {
            builder.AddTool(new NumberedTool(i));
        }

        return builder;
    }

    private sealed class NumberedTool(int number) : McpToolHandler(new McpToolDefinition
    {
        Name = "tool_" + number.ToString("D4", CultureInfo.InvariantCulture),
        Description = "A numbered tool that does nothing; it makes the list long.",
        InputSchema = "{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"string\",\"description\":\"Any text.\"}}}"u8.ToArray(),
    })
    {
        public override ValueTask InvokeAsync(McpCall call)
        {
            call.ReturnText(Definition.Name);
            return default;
        }
    }
}
