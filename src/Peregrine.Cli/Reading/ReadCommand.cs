using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Reading;

/// <summary>The command line of `peregrine read`.</summary>
internal static class ReadCommand
{
    internal static Command Create(string[] server)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "[URL] URI" };
        var json = new Option<bool>("--json") { Description = "Print the whole result as JSON." };
        var target = new TargetArguments();
        var command = new Command("read", """
            Read a resource of an MCP server. Text is printed as it is; bytes go to standard output only where that is no terminal.

            Examples:
              peregrine read http://127.0.0.1:8808/mcp sample://welcome
              peregrine read http://127.0.0.1:8808/mcp sample://pixel > pixel.png
              peregrine read file:///notes.txt -- npx -y some-server
            """) { words, json };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            // The URI may look like the server's URL: where no command follows, the first word is the server.
            var given = result.GetValue(words)!;
            var url = server.Length == 0 ? given.FirstOrDefault() : null;
            var rest = given[(url is null ? 0 : 1)..];
            if (Target.TryParse(url, server, out var error) is not { } found)
            {
                return CommandLine.RefuseAsync(error);
            }

            return rest is [var uri]
                ? ReadResource.RunAsync(found, target.Read(result), uri, result.GetValue(json), cancellationToken)
                : CommandLine.RefuseAsync("name one resource by its URI; `peregrine list --resources` shows those of a server");
        });
        return command;
    }
}
