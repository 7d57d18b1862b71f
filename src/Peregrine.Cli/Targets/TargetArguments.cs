using System.CommandLine;
using System.Globalization;

namespace Peregrine.Cli.Targets;

/// <summary>The options that all commands about a target have.</summary>
internal sealed class TargetArguments
{
    private readonly Option<string[]> _headers = new("--header") { Description = "Send this header to a URL: NAME:VALUE. May be given more than once.", DefaultValueFactory = static _ => [] };
    private readonly Option<double> _timeout = new("--timeout") { Description = "Wait this many seconds for each answer (default: 60).", DefaultValueFactory = static _ => 60 };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Show what the server writes to its standard error." };

    internal TargetArguments()
    {
        _headers.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static token => token.Value.IndexOf(':', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--header takes NAME:VALUE; found \"{token.Value}\".");
            }
        });
        // The words themselves: asking for the value throws where they are no number.
        _timeout.Validators.Add(static result =>
        {
            if (result.Tokens is [var token]
                && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86400))
            {
                result.AddError($"--timeout takes more than 0 and at most 86400 seconds; found \"{token.Value}\".");
            }
        });
    }

    internal void AddTo(Command command)
    {
        command.Add(_headers);
        command.Add(_timeout);
        command.Add(_verbose);
    }

    internal TargetOptions Read(ParseResult result) => new(
        TimeSpan.FromSeconds(result.GetValue(_timeout)),
        [.. result.GetValue(_headers)!.Select(Split)],
        result.GetValue(_verbose));

    private static KeyValuePair<string, string> Split(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return new(header[..colon].Trim(), header[(colon + 1)..].Trim());
    }
}
