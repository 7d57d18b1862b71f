using Peregrine.Bench.Peers.Scoreboard;

namespace Peregrine.Architecture.Tests.Documents;

public sealed class ScoreboardTests
{
    [Fact]
    public void Tables_of_figures_are_those_that_the_results_give()
    {
        foreach (string document in ScoreboardDocument.All)
        {
            string text = RepositoryFiles.Read(document.Replace('\\', '/'));
            Assert.Contains("<!-- scoreboard: ", text, StringComparison.Ordinal);
            Assert.True(text == ScoreboardDocument.Fill(text, RepositoryFiles.Root), $"{document} differs from its results: dotnet run -c Release --project bench/Peregrine.Bench.Peers -- --scoreboard");
        }
    }

    [Fact]
    public void A_figure_that_was_changed_by_hand_is_found()
    {
        string text = ScoreboardDocument.Fill("a\n<!-- scoreboard: bench/results/peers.json summary -->\n<!-- /scoreboard -->\nb\n", RepositoryFiles.Root);
        Assert.Contains("| HTTP, 32 connections | ", text, StringComparison.Ordinal);
        Assert.Equal(text, ScoreboardDocument.Fill(text.Replace("| HTTP, 32 connections | ", "| HTTP, 32 connections | 9", StringComparison.Ordinal), RepositoryFiles.Root));
    }

    [Fact]
    public void The_gateways_rows_have_tables_of_their_own()
    {
        const string Throughput = """
            { "id": "gateway-throughput-2025", "title": "gateway", "unit": "calls/s", "higherIsBetter": true,
              "targets": [{ "role": "ours", "median": 30000, "runs": [29000, 31000], "residentBytes": 104857600, "isLoadBound": false }],
              "forwarder": { "median": 20000, "runs": [20000, 20000], "residentBytes": 94371840 }, "nginx": { "median": 50000, "runs": [50000, 50000], "residentBytes": 8388608, "isLoadBound": true },
              "budgets": [{ "text": "at least 1 x the forwarder", "value": 1.5, "unit": "ratio", "isMet": true }, { "text": "at least 0.6 x nginx", "value": 0.6, "unit": "ratio", "isMet": true }] }
            """;
        const string Latency = """
            { "id": "gateway-latency-2025", "title": "one call", "unit": "µs", "higherIsBetter": false,
              "targets": [{ "role": "ours", "median": 90, "runs": [90, 92], "p99Microseconds": 140 }],
              "direct": { "median": 40, "runs": [40, 41], "p99Microseconds": 60 }, "nginx": { "median": 80, "runs": [80, 82], "p99Microseconds": 120 },
              "budgets": [{ "text": "added P50 at most 1.5 x nginx's", "value": 1.25, "unit": "ratio", "isMet": true }, { "text": "P99 of a call at most 1.2 x nginx's", "value": 1.17, "unit": "ratio", "isMet": true }] }
            """;
        const string Cache = """
            { "id": "gateway-cache-hit-2025", "title": "cache", "unit": "calls/s", "higherIsBetter": true, "targets": [{ "role": "ours", "median": 80000, "runs": [80000], "residentBytes": 104857600 }],
              "floor": { "median": 100000, "runs": [100000], "residentBytes": 83886080 }, "budgets": [{ "text": "at least 0.75 x the floor", "value": 0.8, "unit": "ratio", "isMet": true }] }
            """;
        Assert.Contains("| gateway | 30,000/s | 20,000/s | 50,000/s * | 1.50 (at least 1) | 0.60 (at least 0.6) | 100, 90, 8 MB |", Table("gateway", Throughput, Latency), StringComparison.Ordinal);
        Assert.Contains("| one call | 40.0, 60 µs | 90.0 (+ 50.5), 140 µs | 80.0 (+ 40.5), 120 µs |  | 1.25 (at most 1.5) | 1.17 (at most 1.2) |", Table("gateway-latency", Throughput, Latency), StringComparison.Ordinal);
        Assert.Contains("| cache | 80,000/s | 100,000/s | 0.80 (at least 0.75) | 100, 80 MB |", Table("gateway-cache", Cache), StringComparison.Ordinal);
        Assert.Contains("| gateway, HTTP, 32 connections | 30,000/s | 20,000/s | 50,000/s * |", Table("gateway-summary", Throughput, Cache), StringComparison.Ordinal);
        Assert.DoesNotContain("gateway", Table("peers", Throughput), StringComparison.Ordinal);
        Assert.Equal("", Table("gateway-cache", Throughput));
        Assert.Equal("", ScoreboardTable.Make(Path.Combine(RepositoryFiles.Root, "bench", "results", "none.json"), "gateway"));
    }

    [Fact]
    public void A_long_load_is_a_row()
    {
        const string Soak = """
            { "runs": [{ "title": "soak", "seconds": 300.2, "calls": 6000000, "failed": 0, "callsPerSecond": 20000, "p50Microseconds": 1500, "p99Microseconds": 3000, "p999Microseconds": 9000,
              "gatewayProcessors": 0.98, "start": { "residentBytes": 104857600, "descriptors": 170 }, "end": { "residentBytes": 105906176, "descriptors": 171 },
              "frontReuse": 0.99999, "upstreamReuse": 0.9998, "generatorFaults": [], "budgets": [{ "text": "at least 10,454 calls/s", "unit": "calls/s" }] }] }
            """;
        Assert.Contains(
            "| soak | 300 s | 20,000 (at least 10,454) | 0 of 6,000,000 | 1.5 ms, 3 ms, 9 ms | 0.98 | 100 MB, 101 MB | 170, 171 | 100.00 %, 99.98 % |",
            TableOf("gateway-soak", Soak), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!-- scoreboard: bench/results/peers.json summary -->\n")]
    [InlineData("<!-- scoreboard: bench/results/peers.json -->\n<!-- /scoreboard -->")]
    [InlineData("<!-- scoreboard: bench/results/peers.json other -->\n<!-- /scoreboard -->")]
    public void A_marker_that_is_wrong_is_refused(string text) => Assert.Throws<FormatException>(() => ScoreboardDocument.Fill(text, RepositoryFiles.Root));

    private static string Table(string view, params string[] rows) => TableOf(view, $"{{ \"rows\": [{string.Join(',', rows)}] }}");

    private static string TableOf(string view, string results)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, results);
            return ScoreboardTable.Make(file, view);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
