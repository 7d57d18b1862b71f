using Peregrine.Load.Driving;
using Peregrine.Load.Judging;

namespace Peregrine.Load.Tests.Sources;

/// <summary>The figures of bench/budgets/sources.json, held on the sample server.</summary>
[Trait("Category", "Slow")]
public sealed class SourceBudgetTests
{
    // Others may use the machine meanwhile, which makes figures worse and never better: one try of several that keeps all bounds is proof enough.
    private const int Tries = 6;

    [Fact(DisplayName = "test_throughput")]
    public Task Throughput() => HoldAsync("throughput", isQuiet: false);

    [Fact(DisplayName = "test_latency")]
    public Task Latency() => HoldAsync("latency", isQuiet: false);

    [Fact(DisplayName = "test_memory_usage")]
    public Task Memory_usage() => HoldAsync("memory_usage", isQuiet: false);

    [Theory(DisplayName = "on a quiet machine")]
    [Trait("Category", "Full")]
    [InlineData("throughput")]
    [InlineData("latency")]
    public Task On_a_quiet_machine(string test) => HoldAsync(test, isQuiet: true);

    private static async Task HoldAsync(string test, bool isQuiet)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measuring a command, and what it uses, needs Linux");
        var rows = SourceRow.ReadAll().Where(row => row.Test == test && row.IsQuiet == isQuiet).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            await HoldAsync(row);
        }
    }

    private static async Task HoldAsync(SourceRow row)
    {
        var options = new LoadOptions { WarmUp = TimeSpan.FromSeconds(1), MaxLag = TimeSpan.FromSeconds(1), MaxBusy = 1 };
        var found = new List<string>();
        for (var i = 0; i < Tries; i++)
        {
            using var server = row.IsHttp ? await SampleServer.StartAsync() : null;
            var result = await LoadRunner.RunAsync(server?.Http ?? SampleServer.Stdio, row.Workload, options, null, TestContext.Current.CancellationToken);
            Runs.AssertConsistent(result);
            Assert.True(result.Failed == 0, string.Join('\n', result.ErrorExamples));
            var checks = row.Budgets.Select(budget => budget.Judge(result)).ToArray();
            foreach (var check in checks)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{row.Name}: {check.Verdict} {check.Name}: {check.Detail}");
            }

            if (checks.All(static check => check.Verdict == Verdict.Ok))
            {
                return;
            }

            found.AddRange(checks.Where(static check => check.Verdict != Verdict.Ok).Select(static check => $"{check.Name}: {check.Detail}"));
        }

        Assert.Fail($"{row.Name}, in {Tries} tries:\n{string.Join('\n', found)}");
    }
}
