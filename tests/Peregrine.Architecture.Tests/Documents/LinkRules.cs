using System.Text.RegularExpressions;

namespace Peregrine.Architecture.Tests.Documents;

/// <summary>Finds relative links of a Markdown page that lead nowhere.</summary>
internal static partial class LinkRules
{
    /// <param name="path">The page, relative to the root of the repository.</param>
    /// <param name="text">Its text.</param>
    /// <param name="exists">Says whether a path relative to the root is a file or a folder.</param>
    public static IEnumerable<string> Check(string path, string text, Func<string, bool> exists)
    {
        foreach (Match match in Link().Matches(CodeBlock().Replace(text, "")))
        {
            string target = match.Groups[1].Value.Split('#')[0];
            if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                continue;
            string folder = Path.GetDirectoryName(path) ?? "";
            string resolved = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, target))).Replace('\\', '/');
            if (!exists(resolved.TrimEnd('/')))
                yield return $"{path}: the link to {target} leads nowhere.";
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
