using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;
using Peregrine.Observability.Metrics;

namespace Peregrine.Gateway.Tests.Telemetry;

/// <summary>A real Prometheus reads the gateway's metrics.</summary>
[Trait("Category", "Slow")]
public sealed class PrometheusTests : IDisposable
{
    private const double Share = 0.95;

    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-prometheus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_95th_percentile_in_Prometheus_is_that_of_the_load_tool()
    {
        var program = Programs.Find("prometheus");
        Assert.SkipWhen(program is null, "prometheus is missing: Debian package prometheus, or ./test --install");
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""");
        await gateway.SessionAsync("tools/list", "{}");
        var port = FreePort();
        using var prometheus = await StartAsync(program!, port, gateway.Address);
        try
        {
            var (load, calls) = await MakeLoadAsync(new Uri(gateway.Address, "/mcp"));
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            // Once its last look has seen every call, and none that the tool did not make.
            const string Calls = "upstream=\"only\",method=\"tools/call\",outcome=\"ok\"";
            await RunningGateway.UntilAsync(async () => await QueryAsync(http, $"mcp_requests_total{{{Calls}}}") == calls);
            Assert.Equal(calls, await QueryAsync(http, $"mcp_request_duration_seconds_count{{{Calls}}}"));
            var measured = await QueryAsync(http, $"histogram_quantile({Share.ToString(CultureInfo.InvariantCulture)}, sum by (le) (mcp_request_duration_seconds_bucket{{{Calls}}}))");

            var seen = TimeSpan.FromSeconds(measured);
            TestContext.Current.TestOutputHelper!.WriteLine($"P95 of {calls} calls: load tool {load.TotalMilliseconds:0.0} ms, Prometheus {seen.TotalMilliseconds:0.0} ms");
            var apart = Math.Abs(LatencyBounds.IndexOf(seen.Ticks) - LatencyBounds.IndexOf(load.Ticks));
            Assert.True(apart <= 1 || Math.Abs(seen / load - 1) <= 0.05, $"load tool {load}, Prometheus {seen}: {apart} buckets apart");
            Assert.Equal(1, await QueryAsync(http, "mcp_upstream_up{upstream=\"only\"}"));
            Assert.Equal(1, await QueryAsync(http, "up{job=\"gateway\"}"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    // Calls of 20 to 200 ms: beside that, what lies between the tool and the gateway's clock is little, also on a busy machine.
    private static async Task<(TimeSpan Percentile, long Calls)> MakeLoadAsync(Uri endpoint)
    {
        var echo = WorkloadPresets.Find("echo")!;
        var workload = echo with
        {
            Operations = [echo.Operations[0] with { Target = "pid", Arguments = """{"ms":{"$integer":{"from":20,"to":200}}}""", ExpectedArgument = null, ExpectedText = null }],
            Stages = [new() { Duration = TimeSpan.FromSeconds(8), Concurrency = 16 }],
        };
        var options = new LoadOptions { WarmUp = TimeSpan.Zero, MaxLag = TimeSpan.FromSeconds(1), MaxBusy = 1 };
        var result = await LoadRunner.RunAsync(new LoadTarget { Endpoint = endpoint }, workload, options);
        var operation = result.Operations.Single();
        Assert.Equal(0, operation.Failed);
        return (TimeSpan.FromMicroseconds(operation.Response.ToHistogram().Quantile(Share) / 1000.0), operation.Succeeded);
    }

    private async Task<Process> StartAsync(string program, int port, Uri target)
    {
        var file = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: gateway
                static_configs:
                  - targets: ["{target.Authority}"]

            """);
        var start = new ProcessStartInfo(program, [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            WorkingDirectory = _folder,
        };
        var process = Process.Start(start)!;
        using var http = new HttpClient();
        await RunningGateway.UntilAsync(async () =>
        {
            Assert.False(process.HasExited, "Prometheus has ended.");
            try
            {
                using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"));
                return ready.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return process;
    }

    // The value of a query that gives one; NaN where it gives none yet.
    private static async Task<double> QueryAsync(HttpClient http, string query)
    {
        var answer = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/query?query=" + Uri.EscapeDataString(query), UriKind.Relative)))!;
        var results = answer["data"]!["result"]!.AsArray();
        return results.Count == 0 ? double.NaN : double.Parse((string)results.Single()!["value"]![1]!, CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
