using System.Text;
using Peregrine.Load.Judging;

namespace Peregrine.Load.Tests.Judging;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("p50", "\"atMost\": \"1.001 ms\"", Verdict.Ok)]
    [InlineData("p50", "\"atMost\": \"999 us\"", Verdict.Over)]
    [InlineData("p99", "\"atMost\": \"10.01 ms\"", Verdict.Ok)]
    [InlineData("p99", "\"atMost\": \"9 ms\"", Verdict.Over)]
    [InlineData("p95", "\"atMost\": \"1.001 ms\"", Verdict.Ok)]
    [InlineData("rps", "\"atLeast\": 1000", Verdict.Ok)]
    [InlineData("rps", "\"atLeast\": \"1001/s\"", Verdict.Over)]
    [InlineData("errors", "\"atMost\": 0", Verdict.Over)]
    [InlineData("errors", "\"atMost\": \"1 %\"", Verdict.Ok)]
    [InlineData("memory", "\"atMost\": \"110 MiB\"", Verdict.Ok)]
    [InlineData("memory", "\"atMost\": \"110 MB\"", Verdict.Over)]
    [InlineData("growth", "\"atMost\": \"9 MiB\"", Verdict.Ok)]
    [InlineData("growth", "\"atMost\": \"5 MiB\"", Verdict.Over)]
    [InlineData("cpu", "\"atMost\": 0.51", Verdict.Ok)]
    [InlineData("cpuPerCall", "\"atMost\": \"500 us\"", Verdict.Ok)]
    [InlineData("cpuPerCall", "\"atMost\": \"499 us\"", Verdict.Over)]
    [InlineData("bytesPerConnection", "\"atMost\": \"640 KiB\"", Verdict.Ok)]
    [InlineData("bytesPerConnection", "\"atMost\": \"600 KiB\"", Verdict.Over)]
    [InlineData("threads", "\"atMost\": 9", Verdict.Over)]
    public void Each_figure_is_held_against_its_bound(string metric, string bound, Verdict verdict)
    {
        var budget = Assert.Single(Read($$"""{"budgets": [{"metric": "{{metric}}", {{bound}} }]}"""));
        var check = budget.Judge(MadeResults.Of(1000, 1_000_000, failed: 10));
        Assert.True(check.Verdict == verdict, check.ToString());
    }

    [Fact]
    public void A_budget_can_be_of_one_operation_and_what_was_not_measured_is_over()
    {
        var budgets = Read("""{"budgets": [{"metric": "p50", "operation": "echo", "atMost": "2 ms"}, {"metric": "p50", "operation": "other", "atMost": "2 ms"}]}""");
        var result = MadeResults.Of(1000, 1_000_000);
        Assert.Equal([Verdict.Ok, Verdict.Over], budgets.Select(budget => budget.Judge(result).Verdict));
        Assert.Contains("not measured", budgets[1].Judge(result).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_can_be_of_what_an_audience_hears()
    {
        var budget = Assert.Single(Read("""{"budgets": [{"metric": "p50", "operation": "subscribers", "atMost": "3 ms"}]}"""));
        var result = MadeResults.Of(1000, 1_000_000);
        Assert.Equal(Verdict.Over, budget.Judge(result).Verdict);
        Assert.Equal(Verdict.Ok, budget.Judge(result with { Deliveries = MadeResults.Of(1, 2_000_000).Response }).Verdict);
        Assert.Equal(Verdict.Over, budget.Judge(result with { Deliveries = MadeResults.Of(1, 4_000_000).Response }).Verdict);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        BudgetFile.Read(Encoding.UTF8.GetBytes("""
            {"budgets": [
                {"metric": "p42x", "atMost": 1},
                {"metric": "p99", "atMost": 30},
                {"metric": "rps"},
                {"metric": "rps", "atLeast": 1, "atmost": 2},
            ]}
            """), out var faults);
        Assert.Equal(4, faults.Count);
        Assert.Contains("budgets[0].metric: \"p42x\"", faults[0], StringComparison.Ordinal);
        Assert.Contains("write a number and a unit", faults[1], StringComparison.Ordinal);
        Assert.Contains("give atMost or atLeast", faults[2], StringComparison.Ordinal);
        Assert.Contains("budgets[3].atmost: unknown", faults[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"budgets": []}""")]
    [InlineData("""{"budgets": [1]}""")]
    public void What_is_no_budget_file_is_refused(string text)
    {
        Assert.Empty(BudgetFile.Read(Encoding.UTF8.GetBytes(text), out var faults));
        Assert.Single(faults);
    }

    private static IReadOnlyList<Budget> Read(string text)
    {
        var budgets = BudgetFile.Read(Encoding.UTF8.GetBytes(text), out var faults);
        Assert.Empty(faults);
        return budgets;
    }
}
