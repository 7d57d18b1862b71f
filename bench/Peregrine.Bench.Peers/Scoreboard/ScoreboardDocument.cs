using System.Text;

namespace Peregrine.Bench.Peers.Scoreboard;

/// <summary>
/// Puts tables made from measured results into documents, between <c>&lt;!-- scoreboard: FILE VIEW --&gt;</c> and <c>&lt;!-- /scoreboard --&gt;</c>, so that every figure there can be traced to
/// a file in bench/results.
/// </summary>
internal static class ScoreboardDocument
{
    private const string Open = "<!-- scoreboard: ";
    private const string Close = "<!-- /scoreboard -->";

    /// <summary>The documents that have tables, from the repository's root.</summary>
    public static IReadOnlyList<string> All { get; } = ["README.md", Path.Combine("docs", "performance.md")];

    /// <summary>Writes all documents anew.</summary>
    /// <returns>Those that changed.</returns>
    public static IReadOnlyList<string> Update(string root)
    {
        var changed = new List<string>();
        foreach (string document in All)
        {
            string path = Path.Combine(root, document);
            string before = File.ReadAllText(path);
            string after = Fill(before, root);
            if (after != before)
            {
                File.WriteAllText(path, after);
                changed.Add(document);
            }
        }

        return changed;
    }

    /// <summary>A document with its tables made anew.</summary>
    /// <exception cref="FormatException">A marker is not closed, or names no view.</exception>
    public static string Fill(string document, string root)
    {
        var text = new StringBuilder();
        int at = 0;
        while (document.IndexOf(Open, at, StringComparison.Ordinal) is int open and >= 0)
        {
            int words = document.IndexOf("-->", open, StringComparison.Ordinal);
            int close = document.IndexOf(Close, open, StringComparison.Ordinal);
            if (words < 0 || close < words)
                throw new FormatException($"a scoreboard is not closed: {document[open..Math.Min(document.Length, open + 80)]}");
            string[] marker = document[(open + Open.Length)..words].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (marker.Length != 2)
                throw new FormatException($"a scoreboard names a file and a view: {document[open..(words + 3)]}");
            text.Append(document, at, words + 3 - at).Append("\n\n").Append(ScoreboardTable.Make(Path.Combine(root, marker[0]), marker[1])).Append('\n');
            at = close;
        }

        return text.Append(document, at, document.Length - at).ToString();
    }
}
