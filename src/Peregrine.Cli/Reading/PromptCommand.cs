using System.CommandLine;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Reading;

/// <summary>The command line of `peregrine prompt`.</summary>
internal static class PromptCommand
{
    internal static Command Create(string[] server)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "[URL] PROMPT [NAME=VALUE ...]" };
        var json = new Option<bool>("--json") { Description = "Print the whole result as JSON." };
        var target = new TargetArguments();
        var command = new Command("prompt", """
            Fill in a prompt of an MCP server and print its messages.

            Examples:
              peregrine prompt http://127.0.0.1:8808/mcp explain topic=falcons
              peregrine prompt simple-prompt -- npx -y @modelcontextprotocol/server-everything
            """) { words, json };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            var given = result.GetValue(words)!;
            var url = given is [var first, ..] && Target.IsUrl(first) ? first : null;
            var rest = given.AsSpan(url is null ? 0 : 1);
            if (Target.TryParse(url, server, out var error) is not { } found)
            {
                return CommandLine.RefuseAsync(error);
            }

            if (rest.IsEmpty)
            {
                return CommandLine.RefuseAsync("name a prompt; `peregrine list --prompts` shows those of a server");
            }

            return ToolCalls.TryParse(rest, arguments: null, out error) is { } prompt
                ? GetPrompt.RunAsync(found, target.Read(result), prompt.Tool, prompt.Pairs, result.GetValue(json), cancellationToken)
                : CommandLine.RefuseAsync(error);
        });
        return command;
    }
}
