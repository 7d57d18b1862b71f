using Peregrine.Protocol.Text;

namespace Peregrine.Cli;

/// <summary>Finds the word that a mistyped one may have been meant as.</summary>
internal static class NearWord
{
    private const int MostMistakes = 2;

    /// <summary>A question to put behind a complaint: <c>; is NAME meant?</c> Empty where no word is near.</summary>
    internal static string Ask(string word, IEnumerable<string> names) => Find(word, names) is { } near ? $"; is {near} meant?" : "";

    /// <summary>The nearest of the words; null where none is near: of few letters more than half must be right.</summary>
    internal static string? Find(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Mistakes: NearNames.Distance(word, name)))
        .Where(found => found.Mistakes <= MostMistakes && found.Mistakes * 2 < Math.Max(word.Length, found.Name.Length))
        .OrderBy(static found => found.Mistakes)
        .Select(static found => found.Name)
        .FirstOrDefault();
}
