using System.Text.RegularExpressions;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>One run of the suite, with what it found in each scenario.</summary>
internal sealed partial class SuiteRun
{
    private readonly Dictionary<string, ScenarioOutcome> _outcomes;

    private SuiteRun(CommandResult command, Dictionary<string, ScenarioOutcome> outcomes)
    {
        Command = command;
        _outcomes = outcomes;
    }

    internal CommandResult Command { get; }

    internal IReadOnlyCollection<string> Scenarios => _outcomes.Keys;

    /// <summary>What was found in a scenario; fails where the suite did not run it.</summary>
    internal ScenarioOutcome this[string scenario] => _outcomes.GetValueOrDefault(scenario) is { } outcome ? outcome : throw new InvalidOperationException($"The suite did not run {scenario}.\n{Command}");

    /// <summary>Reads what the suite left in a folder.</summary>
    internal static async Task<SuiteRun> ReadAsync(CommandResult command, string folder)
    {
        Dictionary<string, ScenarioOutcome> outcomes = [];
        foreach (var file in Directory.EnumerateFiles(folder, "checks.json", SearchOption.AllDirectories))
        {
            var match = ResultFolder().Match(Path.GetFileName(Path.GetDirectoryName(file)!));
            Assert.True(match.Success, $"{file} lies in a folder whose name names no scenario.");
            outcomes.Add(match.Groups["scenario"].Value, ScenarioOutcome.Read(await File.ReadAllBytesAsync(file)));
        }

        Assert.True(outcomes.Count > 0, command.ToString());
        return new SuiteRun(command, outcomes);
    }

    [GeneratedRegex(@"^server-(?<scenario>.+)-\d{4}-\d\d-\d\dT[\d-]+Z$", RegexOptions.ExplicitCapture)]
    private static partial Regex ResultFolder();
}
