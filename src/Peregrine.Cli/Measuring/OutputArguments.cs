using System.CommandLine;

namespace Peregrine.Cli.Measuring;

/// <summary>The options that say where results go and what they must keep to.</summary>
internal sealed class OutputArguments
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };
    private readonly Option<FileInfo?> _out = new("--out") { Description = "Write the result as JSON to this file." };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Write a report to this file: one HTML page with charts that needs nothing else." };
    private readonly Option<FileInfo?> _junit = new("--junit") { Description = "Write the result as JUnit XML to this file." };
    private readonly Option<FileInfo?> _budget = new("--budget") { Description = "Hold the result against the budgets in this file." };

    internal void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_out);
        command.Add(_report);
        command.Add(_junit);
        command.Add(_budget);
    }

    /// <summary>Options that were given and mean nothing where ratios are judged.</summary>
    internal IEnumerable<string> NotWithFloor(ParseResult result) =>
        new Option[] { _report, _junit, _budget }.Where(option => result.GetResult(option) is { Implicit: false }).Select(static option => option.Name);

    internal BenchOutput Read(ParseResult result, List<string> faults)
    {
        var output = new BenchOutput(result.GetValue(_json), result.GetValue(_out), result.GetValue(_report), result.GetValue(_junit), BudgetReading.Read(result.GetValue(_budget), faults));

        // A file that cannot be written must be told before the run, not after it.
        faults.AddRange(new[] { output.Out, output.Report, output.JUnit }.OfType<FileInfo>()
            .Where(static file => file.Directory is not { Exists: true })
            .Select(static file => $"{file}: there is no folder {file.DirectoryName}"));
        return output;
    }
}
