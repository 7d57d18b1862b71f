using System.CommandLine;
using System.Globalization;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Configuring;
using Peregrine.Cli.Contracts;
using Peregrine.Cli.Diagnosing;
using Peregrine.Cli.Listing;
using Peregrine.Cli.Measuring;
using Peregrine.Cli.Reading;
using Peregrine.Cli.Running;
using Peregrine.Cli.Serving;

namespace Peregrine.Cli;

/// <summary>The commands and their options.</summary>
internal static class CommandLine
{
    // Once asked to end, a command may let calls end (5 s), close connections (10 s) and end what it has started (4 s). What is shorter would leave processes behind.
    private static readonly InvocationConfiguration Invocation = new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };

    internal static async Task<int> RunAsync(string[] arguments)
    {
        // What follows "--" is a server's command line, none of it ours.
        var end = Array.IndexOf(arguments, "--");
        string[] command = end < 0 ? [] : arguments[(end + 1)..];
        var root = new RootCommand("Run, call and measure MCP servers, and put many behind one endpoint.")
        {
            UpCommand(),
            ServeCommand(),
            ListCommand.Create(command),
            CallCommand.Create(command),
            ReadCommand.Create(command),
            PromptCommand.Create(command),
            DoctorCommand.Create(command),
            InitCommand.Create(command),
            BenchCommand.Create(command),
            CompareCommand.Create(),
            PullCommand.Create(command),
            DiffCommand.Create(command),
        };
        var parsed = root.Parse(end < 0 ? arguments : arguments[..end]);
        ShortenCommandsOf(parsed.CommandResult.Command);
        var unknown = UnknownWords.Describe(parsed);
        if (unknown is null && parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(Invocation).ConfigureAwait(false);
        }

        // A word that nobody knows shifts those behind it: what the parser says of them would only confuse.
        foreach (var error in unknown is null ? parsed.Errors.Select(static error => error.Message) : [unknown])
        {
            await Console.Error.WriteLineAsync($"peregrine: {error}").ConfigureAwait(false);
        }

        await Console.Error.WriteLineAsync($"Try `{UnknownWords.Path(parsed.CommandResult)} --help`.").ConfigureAwait(false);
        return ExitCodes.BadUsage;
    }

    // In a list of commands it is enough what each is for; the rest is for its own help.
    private static void ShortenCommandsOf(Command command)
    {
        foreach (var listed in command.Subcommands)
        {
            var text = listed.Description ?? "";
            var end = text.Split('\n', 2)[0].IndexOf(". ", StringComparison.Ordinal);
            listed.Description = end < 0 ? text.Split('\n', 2)[0] : text[..(end + 1)];
        }
    }

    private static Command UpCommand()
    {
        var config = new Option<string?>("--config") { Description = "A file that names servers: mcpServers as in Claude, Cursor and Copilot, or servers as in VS Code." };
        var listening = new ListeningOptions("Where to listen (default: http://127.0.0.1:8808).");
        var stdio = new Option<bool>("--stdio") { Description = "Speak MCP on standard input and output instead of HTTP." };
        var command = new Command("up", """
            Put one endpoint in front of many MCP servers, with a page at / that shows how they fare. Without a file, the sample server is behind it.

            Examples:
              peregrine up
              peregrine up --config servers.json --urls http://127.0.0.1:9000
              peregrine up --config servers.json --stdio
            """) { config };
        listening.AddTo(command);
        command.Add(stdio);
        command.Validators.Add(result =>
        {
            if (result.GetValue(stdio) && listening.IsGiven(result))
            {
                result.AddError("Give either --stdio or --urls URL, not both.");
            }
        });
        command.SetAction((result, cancellationToken) =>
            Up.RunAsync(result.GetValue(config), defaults => listening.Read(result, defaults), result.GetValue(stdio), cancellationToken));
        return command;
    }

    private static Command ServeCommand()
    {
        var stdio = new Option<bool>("--stdio") { Description = "Speak MCP on standard input and output." };
        var listening = new ListeningOptions("Listen for MCP over HTTP on this URL, at /mcp.");
        var tools = new Option<int>("--tools") { Description = "Add this many numbered tools that do nothing, to make lists long." };
        var bench = new Option<bool>("--bench") { Description = "Add the tools that presets of `peregrine bench` need: touch, and the four of tmdevlab-v1." };
        tools.Validators.Add(static result =>
        {
            if (result.Tokens is [var token]
                && !(int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count is >= 0 and <= SampleServer.MaxNumberedTools))
            {
                result.AddError($"--tools takes 0 to {SampleServer.MaxNumberedTools}; found \"{token.Value}\".");
            }
        });
        var command = new Command("serve", """
            Run the sample server: tools to call, to measure and to break.

            Examples:
              peregrine serve --stdio
              peregrine serve --urls http://127.0.0.1:3000
              peregrine serve --urls https://localhost:3443 --cert a.pem --key a.key
            """) { stdio };
        listening.AddTo(command);
        command.Add(tools);
        command.Add(bench);
        command.Validators.Add(result =>
        {
            if (result.GetValue(stdio) == listening.IsGiven(result))
            {
                result.AddError("Give either --stdio or --urls URL.");
            }
        });
        command.SetAction((result, cancellationToken) => result.GetValue(stdio)
            ? result.GetValue(bench) ? ServeStdio.RunWithBenchToolsAsync(result.GetValue(tools)) : ServeStdio.RunParsedAsync(result.GetValue(tools))
            : ServeHttp.RunAsync(listening.Read(result), result.GetValue(tools), result.GetValue(bench), cancellationToken));
        return command;
    }

    internal static async Task<int> RefuseAsync(string error)
    {
        await Console.Error.WriteLineAsync($"peregrine: {error}").ConfigureAwait(false);
        return ExitCodes.BadUsage;
    }
}
