using System.Text.RegularExpressions;

namespace Peregrine.Architecture.Tests.Tunables;

/// <summary>Reads the options of a source file: the properties of a public record whose name ends in Options.</summary>
internal static partial class TunableReader
{
    private static readonly string[] Measured = ["int", "long", "double", "TimeSpan"];

    public static IEnumerable<Tunable> Read(string path, string source)
    {
        if (Record().Match(source) is not { Success: true } record)
            yield break;
        foreach (Match property in Property().Matches(source))
        {
            string doc = string.Join(' ', property.Groups["doc"].Value.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("///", StringComparison.Ordinal)).Select(l => l[3..].Trim()));
            string summary = Text(Element(doc, "summary"));
            string value = Text(Element(doc, "value"));
            if (value.Length == 0 && Default().Match(summary) is { Success: true } said)
                value = (said.Groups[1].Success ? said.Groups[1] : said.Groups[2]).Value.Trim();
            yield return new Tunable(record.Groups[1].Value, path, property.Groups["name"].Value, property.Groups["type"].Value, summary, value);
        }
    }

    /// <summary>What has a measure needs a unit or range, and a default.</summary>
    public static IEnumerable<string> Check(Tunable tunable)
    {
        string at = $"{tunable.File}: {tunable.Record}.{tunable.Name}";
        if (tunable.Meaning.Length == 0)
            yield return $"{at} says not what it does.";
        if (!Measured.Contains(tunable.Type.TrimEnd('?')))
            yield break;
        if (!Range().IsMatch(tunable.Meaning + tunable.Default))
            yield return $"{at} names no range: say from what to what, such as `1 to 1,000`.";
        if (tunable.Default.Length == 0)
            yield return $"{at} names no default: give it in <value>.";
    }

    private static string Element(string doc, string name) =>
        Regex.Match(doc, $"<{name}>(.*?)</{name}>") is { Success: true } found ? found.Groups[1].Value : "";

    private static string Text(string xml) => Tags().Replace(References().Replace(xml, m => m.Groups[1].Value.Split('.')[^1]), "")
        .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"^public sealed record (\w+Options)\b", RegexOptions.Multiline)]
    private static partial Regex Record();

    [GeneratedRegex(@"(?<doc>(?:^ +///.*\n)*)^ +public (?:required )?(?<type>[\w<>?\[\], .]+?) (?<name>\w+) \{ get; init;", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"\d|\b[Zz]ero\b|\b[Oo]ne\b|[Mm]ore than|[Aa]ny ")]
    private static partial Regex Range();

    [GeneratedRegex(@"(\w+) \(the default\)|[Dd]efault\)?:? ((?:[^.;]|\.\w)+)")]
    private static partial Regex Default();

    [GeneratedRegex("<(?:see|paramref) (?:cref|name|langword)=\"([^\"]+)\" ?/>")]
    private static partial Regex References();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
