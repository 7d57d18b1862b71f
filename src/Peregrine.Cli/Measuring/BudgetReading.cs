using Peregrine.Load.Judging;

namespace Peregrine.Cli.Measuring;

/// <summary>Reads the file of `--budget`.</summary>
internal static class BudgetReading
{
    private const int MaxLength = 1024 * 1024;

    internal static IReadOnlyList<Budget> Read(FileInfo? file, List<string> faults)
    {
        if (file is null)
        {
            return [];
        }

        if (Files.TryRead(file, MaxLength, out var error) is not { } bytes)
        {
            faults.Add(error);
            return [];
        }

        var budgets = BudgetFile.Read(bytes, out var wrong);
        faults.AddRange(wrong.Select(fault => $"{file.Name}: {fault}"));
        return budgets;
    }
}
