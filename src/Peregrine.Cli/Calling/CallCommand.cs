using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Calling;

/// <summary>The command line of `peregrine call`.</summary>
internal static class CallCommand
{
    internal static Command Create(string[] server)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "[URL] TOOL [NAME=VALUE ...]" };
        var arguments = new Option<string?>("--args") { Description = "All arguments as one JSON object, instead of NAME=VALUE." };
        var json = new Option<bool>("--json") { Description = "Print the whole result as JSON." };
        var target = new TargetArguments();
        var command = new Command("call", """
            Call a tool of an MCP server. Values are read as the tool's schema says; NAME.NAME=VALUE sets a member of an object, a name given twice makes an array. The exit code is 1 where
            the tool fails.

            Examples:
              peregrine call http://127.0.0.1:8808/mcp echo message=hello
              peregrine call http://127.0.0.1:8808/mcp add a=1 b=2 --json
              peregrine call echo --args '{"message":"hello"}' -- npx -y @modelcontextprotocol/server-everything
            """) { words, arguments, json };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            var given = result.GetValue(words)!;
            var url = given is [var first, ..] && Target.IsUrl(first) ? first : null;
            if (Target.TryParse(url, server, out var error) is not { } found
                || ToolCalls.TryParse(given.AsSpan(url is null ? 0 : 1), result.GetValue(arguments), out error) is not { } call)
            {
                return CommandLine.RefuseAsync(error);
            }

            return CallTool.RunAsync(found, target.Read(result), call, result.GetValue(json), cancellationToken);
        });
        return command;
    }
}
