using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Measuring;

/// <summary>`peregrine bench` and `peregrine compare` as somebody uses them.</summary>
[Trait("Category", "Slow")]
public sealed class BenchTests(BenchTests.SampleServer sample) : IClassFixture<BenchTests.SampleServer>
{
    private static readonly string[] Short = ["--duration", "1", "--warm-up", "0"];

    [Theory]
    [InlineData("echo")]
    [InlineData("mixed")]
    [InlineData("list-heavy")]
    [InlineData("idle")]
    [InlineData("fanout-1k")]
    [InlineData("burst")]
    [InlineData("cold-start")]
    [InlineData("connections")]
    [InlineData("tmdevlab-v1")]
    public async Task Every_preset_runs_on_the_sample_server_in_both_eras(string preset)
    {
        foreach (var version in new[] { "2025-11-25", "2026-07-28" })
        {
            var result = await StartedProgram.RunPeregrineAsync(["bench", "--preset", preset, "--protocol", version, "--json", .. Short, sample.Url]);
            Assert.True(result.Output.StartsWith('{'), result.ToString());
            var json = JsonNode.Parse(result.Output)!;
            Assert.True((long)json["succeeded"]! > 0 && (long)json["failed"]! == 0, result.ToString());
        }
    }

    [Fact]
    public async Task Files_are_written_validated_and_compared()
    {
        using var folder = new TemporaryFolder();
        var (result, report, junit) = (Path.Combine(folder.Folder, "result.json"), Path.Combine(folder.Folder, "report.html"), Path.Combine(folder.Folder, "junit.xml"));
        var bench = await StartedProgram.RunPeregrineAsync(["bench", "--concurrency", "2", "--runs", "2", "--out", result, "--report", report, "--junit", junit, .. Short, sample.Url]);
        Assert.True(File.Exists(result), bench.ToString());
        Assert.Contains("calls/s", bench.Output, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("<testsuite", await File.ReadAllTextAsync(junit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, (await StartedProgram.RunPeregrineAsync("bench", "validate", result)).ExitCode);
        var same = await StartedProgram.RunPeregrineAsync("compare", result, result);
        Assert.True(same.ExitCode is 0 or 2, same.ToString());
        await File.WriteAllTextAsync(result, (await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken)).Replace("\"ns\"", "\"ms\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var broken = await StartedProgram.RunPeregrineAsync("bench", "validate", result);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("unit: must be \"ns\"", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_that_is_passed_is_told_and_fails()
    {
        using var folder = new TemporaryFolder();
        var budget = folder.Write("budget.json", """{"budgets": [{"metric": "p50", "atMost": "1 ns"}, {"metric": "rps", "atLeast": 0.001}]}""");
        var result = await StartedProgram.RunPeregrineAsync(["bench", "--concurrency", "1", "--budget", budget, .. Short, sample.Url]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("OVER    p50:", result.Output, StringComparison.Ordinal);
        Assert.Contains("OK      rps:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_of_ratios_is_made_and_kept_to_and_a_missing_one_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Folder, "base.json");
        string[] pairs = ["--concurrency", "2", "--launches", "2", "--rounds", "4", "--window", "0.2", "--warm-up", "0.2", "--tolerance", "900", "--floor", sample.Url];
        var missing = await StartedProgram.RunPeregrineAsync(["bench", .. pairs, "--baseline", file, sample.Url]);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("there is no baseline", missing.Error, StringComparison.Ordinal);
        var made = await StartedProgram.RunPeregrineAsync(["bench", .. pairs, "--save-baseline", file, sample.Url]);
        Assert.True(made.ExitCode == 0, made.ToString());
        var kept = await StartedProgram.RunPeregrineAsync(["bench", .. pairs, "--baseline", file, sample.Url]);
        Assert.True(kept.ExitCode == 0, kept.ToString());
        Assert.Contains("rps: ", kept.Output, StringComparison.Ordinal);
        var other = await StartedProgram.RunPeregrineAsync(["bench", .. pairs, "--preset", "mixed", "--baseline", file, sample.Url]);
        Assert.Equal((2, ""), (other.ExitCode, other.Output));
        Assert.Contains("cannot be compared", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overhead_is_told_with_intervals()
    {
        var result = await StartedProgram.RunPeregrineAsync("bench", "overhead", "--launches", "1", "--rounds", "4", "--window", "0.2", "--warm-up", "0.2", sample.Url, $"\"{Programs.Peregrine}\" serve --stdio");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("via    \"", result.Output.Replace(Programs.Peregrine, "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("P50", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--protocol", "1999-01-01")]
    [InlineData("--preset", "none")]
    [InlineData("--metrics", "p42x")]
    [InlineData("--runs", "0")]
    [InlineData("--floor", "\"unclosed")]
    [InlineData("--budget", "/no/such/file")]
    [InlineData("--report", "/no/such/folder/report.html")]
    [InlineData("--save-baseline", "base.json")]
    public async Task Bad_usage_is_told_before_anything_runs(string option, string value)
    {
        var result = await StartedProgram.RunPeregrineAsync("bench", option, value, sample.Url);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task What_means_nothing_beside_a_floor_is_refused()
    {
        var result = await StartedProgram.RunPeregrineAsync("bench", "--floor", sample.Url, "--junit", "junit.xml", "--runs", "2", "--pid", "1", sample.Url);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.All(["--junit goes", "--runs goes", "--pid goes"], told => Assert.Contains(told, result.Error, StringComparison.Ordinal));
    }

    public sealed class SampleServer : IAsyncLifetime
    {
        private RunningGateway? _server;

        public string Url => _server!.Endpoint.ToString();

        public async ValueTask InitializeAsync() => _server = await RunningGateway.StartPlainAsync("serve", "--bench");

        public async ValueTask DisposeAsync() => await _server!.DisposeAsync();
    }
}
