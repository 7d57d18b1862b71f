using System.Text.RegularExpressions;

namespace Peregrine.Server.Binding;

/// <summary>A regular expression by which arguments are judged, compiled at its first use. For generated code. Thread-safe.</summary>
public sealed class ToolPattern
{
    // What a stranger sends is matched: where the pattern allows it in time that grows with the text's length, else within this.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);

    private readonly Lazy<Regex> _regex;

    /// <summary>Makes one.</summary>
    /// <param name="pattern">The pattern; matches any part of a text unless anchored.</param>
    public ToolPattern(string pattern)
    {
        Text = pattern;
        _regex = new Lazy<Regex>(Compile);
    }

    /// <summary>The pattern.</summary>
    public string Text { get; }

    /// <summary>True where a text matches. One that takes too long to judge does not.</summary>
    public bool IsMatch(string value)
    {
        try
        {
            return _regex.Value.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private Regex Compile()
    {
        try
        {
            return new Regex(Text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch);
        }
        catch (NotSupportedException)
        {
            // Looks around or refers back.
            return new Regex(Text, RegexOptions.CultureInvariant, LongestMatch);
        }
    }
}
