namespace Peregrine.Cli.Measuring;

/// <summary>A command line as results keep it. Results are shown to others, so what a header says is left out; its name stays. What follows <c>--</c> is the server's own.</summary>
internal static class RecordedCommand
{
    private const string Header = "--header";
    private const string Left = "…";

    /// <summary>The command line, the program's name first.</summary>
    /// <param name="words">The words behind it.</param>
    internal static IReadOnlyList<string> Of(ReadOnlySpan<string> words)
    {
        var kept = new List<string>(words.Length + 1) { "peregrine" };
        var end = words.IndexOf("--");
        for (var i = 0; i < words.Length; i++)
        {
            var isOption = end < 0 || i < end;
            kept.Add(isOption && i > 0 && words[i - 1] == Header ? WithoutValue(words[i], 0)
                : isOption && words[i].Length > Header.Length && words[i].StartsWith(Header, StringComparison.Ordinal) ? WithoutValue(words[i], Header.Length + 1)
                : words[i]);
        }

        return kept;
    }

    // NAME:VALUE, or --header=NAME:VALUE.
    private static string WithoutValue(string word, int nameStart)
    {
        var colon = word.IndexOf(':', Math.Min(nameStart, word.Length));
        return colon < 0 ? Left : word[..(colon + 1)] + Left;
    }
}
