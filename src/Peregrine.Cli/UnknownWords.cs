using System.CommandLine;
using System.CommandLine.Parsing;
using Peregrine.Protocol.Text;

namespace Peregrine.Cli;

/// <summary>Finds words of a command line that were meant as something that is not there: the parser itself takes a mistyped option for an argument, and complains of what comes after it.</summary>
internal static class UnknownWords
{
    private const int MostMistakes = 2;

    /// <summary>What is wrong with the first such word, and what may be meant; null where there is none.</summary>
    internal static string? Describe(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var words = result.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Select(static token => token.Value).Concat(parsed.UnmatchedTokens);
        if (words.FirstOrDefault(IsOption) is { } option)
        {
            var name = option.Split('=')[0];
            return $"there is no option {name}{Of(result)}{Suggest(name, OptionsOf(result))}";
        }

        var command = result.Command;
        var names = command.Subcommands.Select(static sub => sub.Name).ToArray();
        return names.Length == 0 || command.Arguments.Count > 0 || parsed.Errors.Count == 0 ? null
            : parsed.UnmatchedTokens is [var word, ..] ? $"there is no command \"{word}\"{Suggest(word, names)}"
            : $"name a command: {string.Join(", ", names)}";
    }

    private static string Of(CommandResult result) => result.Parent is CommandResult ? $" of {Path(result)}" : "";

    /// <summary>The command as it is written, with those it belongs to.</summary>
    internal static string Path(CommandResult result) => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "peregrine";

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]);

    private static IEnumerable<string> OptionsOf(CommandResult result) =>
        result.Command.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)).Append("--help").Where(static name => name.StartsWith("--", StringComparison.Ordinal));

    private static string Suggest(string word, IEnumerable<string> names)
    {
        var near = names.Select(name => (Name: name, Mistakes: NearNames.Distance(word, name))).Where(static found => found.Mistakes <= MostMistakes).OrderBy(static found => found.Mistakes).FirstOrDefault();
        return near.Name is null ? "" : $"; is {near.Name} meant?";
    }
}
