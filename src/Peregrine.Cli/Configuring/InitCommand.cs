using System.CommandLine;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Configuring;

/// <summary>The command `init` and its options.</summary>
internal static class InitCommand
{
    internal static Command Create(string[] server)
    {
        var client = new Argument<string>("client") { Description = $"Whose file: {string.Join(", ", ClientProgram.All.Select(static program => program.Name))}." };
        var url = new Argument<string?>("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
        var name = new Option<string?>("--name") { Description = "The server's name in the file (default: its host, or its program)." };
        var file = new Option<string?>("--file") { Description = "Another file than the client's own." };
        var yes = new Option<bool>("--yes") { Description = "Write without asking." };
        var print = new Option<bool>("--print") { Description = "Only show the change." };
        var replace = new Option<bool>("--replace") { Description = "Replace an entry of that name." };
        var command = new Command("init", """
            Enter a server into the file of a program that starts servers. The change is shown before anything is written; comments and everything else in the file stay.

            Examples:
              peregrine init claude-code http://127.0.0.1:8808/mcp
              peregrine init vscode --name dice -- dotnet run --project DiceServer
              peregrine init claude --print -- npx -y some-server
            """) { client, url, name, file, yes, print, replace };
        client.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && ClientProgram.Find(token.Value) is null)
            {
                result.AddError($"\"{token.Value}\" is none of {string.Join(", ", ClientProgram.All.Select(static program => program.Name))}.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(yes) && result.GetValue(print))
            {
                result.AddError("Give either --yes or --print.");
            }
        });
        command.SetAction((result, cancellationToken) => Target.TryParse(result.GetValue(url), server, out var error) is { } target
            ? InitClient.TryRunAsync(ClientProgram.Find(result.GetValue(client)!)!, result.GetValue(name) ?? DefaultName(target), target, result.GetValue(file),
                result.GetValue(yes) ? InitMode.Write : result.GetValue(print) ? InitMode.Print : InitMode.Ask, result.GetValue(replace), cancellationToken)
            : CommandLine.RefuseAsync(error));
        return command;
    }

    // Of a package runner the package is what tells servers apart, not the runner.
    private static string DefaultName(Target target)
    {
        if (target.Endpoint is { } endpoint)
        {
            return endpoint.Host;
        }

        var runners = new[] { "npx", "dnx", "uvx", "node", "python", "python3", "dotnet" };
        var word = target.Command.FirstOrDefault(word => !word.StartsWith('-') && !runners.Contains(Path.GetFileNameWithoutExtension(word)) && word is not "run" and not "tool" and not "exec");
        return Path.GetFileNameWithoutExtension((word ?? target.Command[0]).Split('@', StringSplitOptions.RemoveEmptyEntries)[0].TrimEnd('/'));
    }
}
