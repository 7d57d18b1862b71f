using Peregrine.Load.Judging;

namespace Peregrine.Cli.Measuring;

/// <summary>Where results go.</summary>
/// <param name="Json">Whether to print JSON.</param>
/// <param name="Out">A file for the JSON.</param>
/// <param name="Report">A file for the HTML page.</param>
/// <param name="JUnit">A file for the JUnit XML.</param>
/// <param name="Budgets">What a result must keep to.</param>
internal sealed record BenchOutput(bool Json, FileInfo? Out, FileInfo? Report, FileInfo? JUnit, IReadOnlyList<Budget> Budgets);
