using System.Text.RegularExpressions;
using Peregrine.JsonSchema.Evaluation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Patterns;

/// <summary>
/// A regular expression of ECMA-262 (with the flag <c>u</c>) on .NET's engine. Without look-around and back-references it runs in time linear in the text; otherwise, and in any case,
/// a timeout ends the search. Immutable, for all threads.
/// </summary>
internal sealed class EcmaPattern
{
    // What a person writes is a few hundred characters. The translation of a longer one could cost megabytes.
    private const int MaxLength = 8 * 1024;

    private readonly Regex _regex;

    private EcmaPattern(string source, Regex regex)
    {
        Source = source;
        _regex = regex;
    }

    /// <summary>The pattern as the schema has it.</summary>
    public string Source { get; }

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="ArgumentException">It is no pattern, or one that .NET cannot run.</exception>
    public static EcmaPattern Compile(string source, TimeSpan timeout)
    {
        if (source.Length > MaxLength)
        {
            throw new ArgumentException($"It has {source.Length} characters; at most {MaxLength} are taken.");
        }

        var translated = new EcmaTranslator(source).Translate(out var isLinear);
        if (isLinear)
        {
            try
            {
                return new EcmaPattern(source, new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, timeout));
            }
            catch (NotSupportedException)
            {
                // Counted repetitions too large for an automaton: the backtracking engine takes them, under the timeout.
            }
        }

        return new EcmaPattern(source, new Regex(translated, RegexOptions.CultureInvariant, timeout));
    }

    /// <summary>Searches a text.</summary>
    public PatternResult Match(ReadOnlySpan<byte> text, EvaluationScratch scratch)
    {
        var characters = scratch.Characters(text.Length);
        var length = JsonStrings.ToUtf16(text, characters);
        try
        {
            return _regex.IsMatch(characters[..length]) ? PatternResult.Match : PatternResult.NoMatch;
        }
        catch (RegexMatchTimeoutException)
        {
            return PatternResult.TimedOut;
        }
    }
}
