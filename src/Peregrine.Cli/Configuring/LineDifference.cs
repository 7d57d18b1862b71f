using System.Text;

namespace Peregrine.Cli.Configuring;

/// <summary>Shows a change of a text in one place: the lines before it, those that go, those that come.</summary>
internal static class LineDifference
{
    private const int Context = 3;

    internal static string Describe(string path, string before, string after)
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
        Append(text, "  ", old.AsSpan(Math.Max(0, same - Context)..same));
        Append(text, "- ", old.AsSpan(same..^tail));
        Append(text, "+ ", now.AsSpan(same..^tail));
        Append(text, "  ", old.AsSpan((old.Length - tail)..Math.Min(old.Length, old.Length - tail + Context)));
        return text.ToString();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static void Append(StringBuilder text, string mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(mark).Append(line.TrimEnd('\r')).Append('\n');
        }
    }
}
