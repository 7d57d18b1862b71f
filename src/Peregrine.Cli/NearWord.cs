namespace Peregrine.Cli;

/// <summary>Finds the word that a mistyped one may have been meant as.</summary>
internal static class NearWord
{
    private const int MostMistakes = 2;

    /// <summary>A question to put behind a complaint: <c>; is NAME meant?</c> Empty where no word is near.</summary>
    internal static string Ask(string word, IEnumerable<string> names) => Find(word, names) is { } near ? $"; is {near} meant?" : "";

    /// <summary>The nearest of the words; null where none is near: of few letters more than half must be right.</summary>
    internal static string? Find(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Mistakes: Mistakes(word, name)))
        .Where(found => found.Mistakes <= MostMistakes && found.Mistakes * 2 < Math.Max(word.Length, found.Name.Length))
        .OrderBy(static found => found.Mistakes)
        .Select(static found => found.Name)
        .FirstOrDefault();

    // Letters to change, add, leave out or exchange with their neighbours.
    private static int Mistakes(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var isSame = one[i - 1] == other[j - 1];
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[one.Length, other.Length];
    }
}
