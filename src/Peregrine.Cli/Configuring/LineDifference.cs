using System.Text;

namespace Peregrine.Cli.Configuring;

/// <summary>Shows a change of a text in one place: the lines before it, those that go, those that come.</summary>
internal static class LineDifference
{
    private const int Context = 3;

    /// <param name="path">The text's file.</param>
    /// <param name="before">The text.</param>
    /// <param name="after">What becomes of it.</param>
    /// <param name="isColored">Whether to colour what goes red and what comes green.</param>
    internal static string Describe(string path, string before, string after, bool isColored = false)
    {
        var (old, now) = (Lines(before), Lines(after));
        var same = 0;
        while (same < Math.Min(old.Length, now.Length) && old[same] == now[same])
        {
            same++;
        }

        var tail = 0;
        while (tail < Math.Min(old.Length, now.Length) - same && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        var text = new StringBuilder(path).Append('\n');
        var (red, green, plain) = isColored ? ("\e[31m", "\e[32m", "\e[0m") : ("", "", "");
        Append(text, "  ", "", old.AsSpan(Math.Max(0, same - Context)..same));
        Append(text, red + "- ", plain, old.AsSpan(same..^tail));
        Append(text, green + "+ ", plain, now.AsSpan(same..^tail));
        Append(text, "  ", "", old.AsSpan((old.Length - tail)..Math.Min(old.Length, old.Length - tail + Context)));
        return text.ToString();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static void Append(StringBuilder text, string mark, string end, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(mark).Append(line.TrimEnd('\r')).Append(end).Append('\n');
        }
    }
}
