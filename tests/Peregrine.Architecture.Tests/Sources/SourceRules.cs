using System.Text.RegularExpressions;

namespace Peregrine.Architecture.Tests.Sources;

/// <summary>Rules about names, places and sizes of source files.</summary>
internal static partial class SourceRules
{
    public const int MaxLines = 400;

    /// <summary>Words that name no idea. What is called so collects whatever found no better place.</summary>
    private static readonly string[] EmptyWords = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager", "Managers"];

    /// <summary>Where extension methods belong so that users find them, and names that the compiler asks for.</summary>
    private static readonly string[] ForeignNamespaces =
        ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder", "System.Runtime.CompilerServices"];

    public static IEnumerable<string> CheckNames(SourceFile file)
    {
        foreach (string type in file.TypeNames.Where(HasEmptyName))
            yield return $"{file.Path}: the type {type} needs a name that says what it is.";
    }

    /// <summary>Checks each folder and file of a path, such as `src/Peregrine.Server/Tools/Tool.cs`.</summary>
    public static IEnumerable<string> CheckPath(string path) =>
        path.Split('/').Where(part => part.Split('.').Any(HasEmptyName)).Select(part => $"{path}: {part} needs a name that says what it is.");

    public static IEnumerable<string> CheckPublicTypes(SourceFile file)
    {
        if (file.PublicTopLevelTypes.Length > 1)
            yield return $"{file.Path}: one public type a file, found {string.Join(", ", file.PublicTopLevelTypes)}.";
    }

    public static IEnumerable<string> CheckLength(SourceFile file, IReadOnlyDictionary<string, string> exempt)
    {
        if (file.Lines.Length >= MaxLines && !exempt.ContainsKey(file.Path))
            yield return $"{file.Path}: {file.Lines.Length} lines, fewer than {MaxLines} are allowed.";
    }

    /// <summary>The namespace is the project and the folders below it.</summary>
    public static IEnumerable<string> CheckNamespace(SourceFile file)
    {
        string[] parts = file.Path.Split('/');
        string expected = string.Join('.', parts[1..^1]);
        foreach (string found in file.Namespaces.Where(n => n != expected && !ForeignNamespaces.Contains(n)))
            yield return $"{file.Path}: namespace {found}, the folder says {expected}.";
        if (!file.FileScoped)
            yield return $"{file.Path}: the namespace is not file-scoped.";
    }

    /// <summary>A seam may use what it replaces, and says why; everything else must go through the seam.</summary>
    public static IEnumerable<string> CheckSeam(SourceFile file, IReadOnlyDictionary<string, string> allowed)
    {
        bool suppresses = file.Lines.Any(l => l.Contains("RS0030", StringComparison.Ordinal));
        if (suppresses && !allowed.ContainsKey(file.Path))
            yield return $"{file.Path}: suppresses RS0030 without an entry in Data/rs0030-allowed.txt.";
    }

    /// <summary>A list of exemptions only shrinks by itself if entries that no longer apply fail.</summary>
    public static IEnumerable<string> CheckStale(string list, IReadOnlyDictionary<string, string> entries, Func<string, bool> applies) =>
        entries.Keys.Where(path => !applies(path)).Select(path => $"{list}: {path} no longer needs its exemption.");

    private static bool HasEmptyName(string name)
    {
        string[] words = [.. Word().Matches(name).Select(m => m.Value)];
        return words.Length > 0 && EmptyWords.Contains(words[^1]);
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")]
    private static partial Regex Word();
}
