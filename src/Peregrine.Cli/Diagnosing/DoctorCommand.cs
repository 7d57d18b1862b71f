using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Diagnosing;

/// <summary>The command line of `peregrine doctor`.</summary>
internal static class DoctorCommand
{
    internal static Command Create(string[] server)
    {
        var url = new Argument<string?>("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var target = new TargetArguments();
        var command = new Command("doctor", """
            Check whether an MCP server keeps to the specification, in both eras: sessions, stateless requests, headers, errors, malformed input, cursors, negotiation. No tool is called, except
            one that does not exist. The exit code is 1 where a check failed.

            Examples:
              peregrine doctor http://127.0.0.1:8808/mcp
              peregrine doctor --json -- npx -y @modelcontextprotocol/server-everything
            """) { url, json };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) => Target.TryParse(result.GetValue(url), server, out var error) is { } found
            ? Doctor.RunAsync(found, target.Read(result), result.GetValue(json), cancellationToken)
            : CommandLine.RefuseAsync(error));
        return command;
    }
}
