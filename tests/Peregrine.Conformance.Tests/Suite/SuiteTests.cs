using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The official conformance suite against one target: a test for each revision and scenario.</summary>
public abstract class SuiteTests(SuiteTarget target)
{
    public static TheoryData<string, string> Scenarios =>
        [.. from revision in ScenarioLists.Revisions from scenario in ScenarioLists.Of(revision) select new TheoryDataRow<string, string>(revision, scenario)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario(string revision, string scenario)
    {
        var run = await target.RunAsync(revision);
        var outcome = run[scenario];

        var wrong = string.Join('\n', target.Expected.Judge(revision, scenario, outcome));

        Assert.True(wrong.Length == 0, $"{revision} {scenario}:\n{wrong}\n--- all checks\n{outcome}");
    }

    [Theory]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task AllThatARevisionRequiresIsMet(string revision, int count)
    {
        var run = await target.RunAsync(revision);
        var required = ScenarioLists.RequiredBy(revision);
        var listed = target.Expected.Scenarios.Count(entry => entry.Revision == revision && required.Contains(entry.Scenario));

        Assert.Equal(count, required.Count);
        Assert.True(count - listed == required.Count(scenario => !run[scenario].Faults.Any()), run.Command.ToString());
        Assert.True(run.Command.ExitCode == (required.Any(scenario => run[scenario].HasFailed) ? 1 : 0), run.Command.ToString());
    }

    [Fact]
    public void WhatIsListedIsAScenario() =>
        Assert.All(target.Expected.Scenarios, static entry => Assert.Contains(entry.Scenario, ScenarioLists.Revisions.Contains(entry.Revision) ? ScenarioLists.Of(entry.Revision) : []));
}
