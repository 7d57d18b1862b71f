using System.CommandLine;
using System.CommandLine.Parsing;

namespace Peregrine.Cli;

/// <summary>Finds words of a command line that were meant as something that is not there: the parser itself takes a mistyped option for an argument, and complains of what comes after it.</summary>
internal static class UnknownWords
{
    /// <summary>What is wrong with the first such word, and what may be meant; null where there is none.</summary>
    internal static string? Describe(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var words = result.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Select(static token => token.Value).Concat(parsed.UnmatchedTokens);
        if (words.FirstOrDefault(IsOption) is { } option)
        {
            var name = option.Split('=')[0];
            return $"there is no option {name}{Of(result)}{NearWord.Ask(name, OptionsOf(result))}";
        }

        var command = result.Command;
        var names = command.Subcommands.Select(static sub => sub.Name).ToArray();
        return names.Length == 0 || command.Arguments.Count > 0 || parsed.Errors.Count == 0 ? null
            : parsed.UnmatchedTokens is [var word, ..] ? $"there is no command \"{word}\"{NearWord.Ask(word, names)}"
            : $"name a command: {string.Join(", ", names)}";
    }

    private static string Of(CommandResult result) => result.Parent is CommandResult ? $" of {Path(result)}" : "";

    /// <summary>The command as it is written, with those it belongs to.</summary>
    internal static string Path(CommandResult result) => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "peregrine";

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]);

    private static IEnumerable<string> OptionsOf(CommandResult result) =>
        result.Command.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)).Append("--help").Where(static name => name.StartsWith("--", StringComparison.Ordinal));
}
