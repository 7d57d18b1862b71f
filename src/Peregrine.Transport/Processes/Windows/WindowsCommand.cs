using System.Buffers;

namespace Peregrine.Transport.Processes.Windows;

/// <summary>Finds a program as the Windows command line would: <c>npx</c> is <c>npx.cmd</c>, by PATH and PATHEXT. Pure except for looking at what exists.</summary>
internal static class WindowsCommand
{
    private const string DefaultExtensions = ".COM;.EXE;.BAT;.CMD";

    // A batch file's arguments are read by cmd.exe a second time, where these mean something even inside quotes.
    private static readonly SearchValues<char> MeaningfulToShell = SearchValues.Create("\"%!&|<>^\r\n\0");

    /// <summary>The path of <paramref name="command"/>, or null.</summary>
    /// <param name="command">A path, or a name.</param>
    /// <param name="searchPath">PATH of the child.</param>
    /// <param name="extensions">PATHEXT of the child; null for the usual ones.</param>
    /// <param name="workingDirectory">What relative paths are relative to.</param>
    /// <param name="exists">Tells whether a file exists.</param>
    internal static string? Find(string command, string? searchPath, string? extensions, string workingDirectory, Func<string, bool> exists)
    {
        string[] endings = Path.HasExtension(command)
            ? ["", .. Extensions(extensions)]
            : [.. Extensions(extensions)];
        if (command.AsSpan().ContainsAny('\\', '/'))
        {
            return FindIn(Path.GetDirectoryName(Path.GetFullPath(command, workingDirectory)) ?? workingDirectory, Path.GetFileName(command), endings, exists);
        }

        // Not in the current directory: there anyone may have put a file of that name.
        foreach (var folder in (searchPath ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (FindIn(folder.Trim('"'), command, endings, exists) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>True where the program is a batch file and this argument would be read by cmd.exe as more than text.</summary>
    internal static bool IsUnsafe(string path, string argument) =>
        Path.GetExtension(path) is { } extension
        && (extension.Equals(".cmd", StringComparison.OrdinalIgnoreCase) || extension.Equals(".bat", StringComparison.OrdinalIgnoreCase))
        && argument.AsSpan().ContainsAny(MeaningfulToShell);

    private static string[] Extensions(string? extensions) =>
        (extensions ?? DefaultExtensions).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? FindIn(string folder, string name, string[] endings, Func<string, bool> exists)
    {
        foreach (var ending in endings)
        {
            var path = Path.Combine(folder, name + ending);
            if (exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
