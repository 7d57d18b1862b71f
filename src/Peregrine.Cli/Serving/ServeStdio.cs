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

    internal static async Task<int> RunAsync(int tools)
    {
        await SampleServer.Describe(tools).RunStdioAsync().ConfigureAwait(false);
        return 0;
    }
}
