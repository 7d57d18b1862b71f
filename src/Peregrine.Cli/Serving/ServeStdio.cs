using Peregrine.Server;
using Peregrine.Server.Stdio;

namespace Peregrine.Cli.Serving;

/// <summary>`peregrine serve --stdio`: the sample server on standard input and output.</summary>
internal static class ServeStdio
{
    /// <summary>Understands the plain forms of the command; anything else goes to the parser, which explains.</summary>
    internal static bool TryParse(string[] arguments, out int tools)
    {
        tools = 0;
        for (var i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == "--tools" && i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out tools) && tools is >= 0 and <= SampleServer.MaxNumberedTools)
            {
                i++;
            }
            else if (arguments[i] != "--stdio")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Serves. Awaits nothing, for what is awaited has to be compiled at every start.</summary>
    internal static Task RunAsync(int tools) => SampleServer.Describe(tools).RunStdioAsync();

    /// <summary>The same for the parser.</summary>
    internal static async Task<int> RunParsedAsync(int tools)
    {
        await RunAsync(tools).ConfigureAwait(false);
        return ExitCodes.Fine;
    }

    /// <summary>The same with the tools of <see cref="BenchTools"/>.</summary>
    internal static async Task<int> RunWithBenchToolsAsync(int tools)
    {
        using var benchTools = new BenchTools();
        var description = SampleServer.Describe(tools);
        benchTools.AddTo(description, apiAddress: null);
        var server = description.Build();
        benchTools.Serve(server);
        await server.RunStdioAsync().ConfigureAwait(false);
        return ExitCodes.Fine;
    }
}
