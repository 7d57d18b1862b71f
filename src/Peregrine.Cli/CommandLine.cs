using System.CommandLine;
using Peregrine.Cli.Serving;

namespace Peregrine.Cli;

/// <summary>The commands and their options.</summary>
internal static class CommandLine
{
    internal static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Run, call and measure MCP servers, and put many behind one endpoint.")
        {
            Serve(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"peregrine: {error.Message}").ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync("Try `peregrine --help`, or a command's own `--help`.").ConfigureAwait(false);
            return ExitCodes.BadUsage;
        }

        return await parsed.InvokeAsync().ConfigureAwait(false);
    }

    private static Command Serve()
    {
        var stdio = new Option<bool>("--stdio") { Description = "Speak MCP on standard input and output." };
        var urls = new Option<string?>("--urls") { Description = "Listen for MCP over HTTP on this URL, at /mcp." };
        var tools = new Option<int>("--tools") { Description = "Add this many numbered tools that do nothing, to make lists long.", DefaultValueFactory = static _ => 0 };
        tools.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count is < 0 or > SampleServer.MaxNumberedTools)
            {
                result.AddError($"--tools takes 0 to {SampleServer.MaxNumberedTools}.");
            }
        });
        var command = new Command("serve", """
            Run the sample server: tools to call, to measure and to break.

            Examples:
              peregrine serve --stdio
              peregrine serve --urls http://127.0.0.1:3000
            """) { stdio, urls, tools };
        command.Validators.Add(result =>
        {
            if (result.GetValue(stdio) == (result.GetValue(urls) is not null))
            {
                result.AddError("Give either --stdio or --urls URL.");
            }
        });
        command.SetAction((result, cancellationToken) => result.GetValue(urls) is { } url
            ? ServeHttp.RunAsync(url, result.GetValue(tools), cancellationToken)
            : ServeStdio.RunAsync(result.GetValue(tools)));
        return command;
    }
}
