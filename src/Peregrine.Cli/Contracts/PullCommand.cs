using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Contracts;

/// <summary>The command `pull` and its options.</summary>
internal static class PullCommand
{
    internal static Command Create(string[] server)
    {
        var url = new Argument<string?>("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
        var target = new TargetArguments();
        var command = new Command("pull", """
            Print the contract of an MCP server: its tools with their schemas, in a fixed order, to be committed and compared.

            Examples:
              peregrine pull http://127.0.0.1:8808/mcp > weather.mcp.json
              peregrine pull -- npx -y some-server > some.mcp.json
            """) { url };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) => Target.TryParse(result.GetValue(url), server, out var error) is { } found
            ? RunAsync(found, target.Read(result), cancellationToken)
            : CommandLine.RefuseAsync(error));
        return command;
    }

    private static async Task<int> RunAsync(Target target, TargetOptions options, CancellationToken cancellationToken)
    {
        var (contract, exitCode) = await new ContractSource(target.Name, null, target).ReadAsync(options, cancellationToken).ConfigureAwait(false);
        if (contract is not null)
        {
            await Console.Out.WriteAsync(contract.ToText()).ConfigureAwait(false);
        }

        return exitCode;
    }
}
