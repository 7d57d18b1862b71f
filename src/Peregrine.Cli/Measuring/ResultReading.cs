using Peregrine.Load.Results;

namespace Peregrine.Cli.Measuring;

/// <summary>Reads files with results.</summary>
internal static class ResultReading
{
    internal const int MaxLength = 512 * 1024 * 1024;

    /// <summary>Reads a file that holds one result or a list of them.</summary>
    internal static IReadOnlyList<LoadResult>? Read(FileInfo file, out IReadOnlyList<string> faults)
    {
        if (Files.TryRead(file, MaxLength, out var error) is not { } bytes)
        {
            faults = [file.Exists ? error : $"there is no {file}; make it with --out"];
            return null;
        }

        var results = ResultFile.ReadMany(bytes, out var wrong);
        faults = [.. wrong.Select(fault => $"{file.Name}: {fault}")];
        return faults.Count == 0 ? results : null;
    }
}
