using System.CommandLine;
using Peregrine.Cli.Targets;
using Peregrine.Client.Contracts;

namespace Peregrine.Cli.Contracts;

/// <summary>The command `diff` and its options.</summary>
internal static class DiffCommand
{
    private static readonly Dictionary<string, ContractVerdict> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["review"] = ContractVerdict.Review,
        ["unknown"] = ContractVerdict.Unknown,
        ["breaking"] = ContractVerdict.Breaking,
    };

    internal static Command Create(string[] servers)
    {
        var words = new Argument<string[]>("contracts") { Arity = new ArgumentArity(0, 2), Description = "OLD and NEW: files, URLs; or commands, each after a -- of its own." };
        var json = new Option<bool>("--json") { Description = "Print the judgement as JSON." };
        var failOn = new Option<string>("--fail-on") { Description = "From which verdict on the exit code is 1: review, unknown or breaking (default: unknown).", DefaultValueFactory = static _ => "unknown" };
        failOn.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && !Levels.ContainsKey(token.Value))
            {
                result.AddError($"--fail-on takes review, unknown or breaking; found \"{token.Value}\".");
            }
        });
        var target = new TargetArguments();
        var command = new Command("diff", """
            Judge what became of a server's contract, by meaning. Exit code 0: who relied on the old one can go on; 1: not, or it could not be shown.

            Examples:
              peregrine diff weather.mcp.json http://127.0.0.1:8808/mcp
              peregrine diff weather.mcp.json -- npx -y weather-server@next
              peregrine diff --json -- npx -y weather-server@1 -- npx -y weather-server@2
            """) { words, json, failOn };
        target.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            var sources = Sources(result.GetValue(words)!, servers);
            return sources is [var before, var after]
                ? DiffContracts.RunAsync(before, after, target.Read(result), result.GetValue(json), Levels[result.GetValue(failOn)!], cancellationToken)
                : CommandLine.RefuseAsync($"diff compares two contracts, OLD and NEW; found {sources.Count}. Each is a file, a URL, or a command after --.");
        });
        return command;
    }

    /// <summary>What stands before the first -- comes first, then a command for each --.</summary>
    private static List<ContractSource> Sources(string[] words, string[] servers)
    {
        List<ContractSource> sources = [.. words.Select(static word => Target.IsUrl(word) && Target.TryParse(word, [], out _) is { } target
            ? new ContractSource(word, null, target)
            : new ContractSource(word, word, null))];
        var rest = servers.AsSpan();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf("--");
            string[] command = [.. end < 0 ? rest : rest[..end]];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (Target.TryParse(null, command, out _) is { } target)
            {
                sources.Add(new ContractSource(target.Name, null, target));
            }
        }

        return sources;
    }
}
