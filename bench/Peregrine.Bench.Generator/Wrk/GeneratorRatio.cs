using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Bench.Generator.Wrk;

/// <summary>This generator and wrk on the floor server in turn, each alone on its core.</summary>
internal static class GeneratorRatio
{
    private const int Connections = 32;
    private const int Seconds = 2;
    private const double Wanted = 0.95;
    private const string Mark = "RESULT ";
    private const string Body = """{"jsonrpc":"2.0","id":1000000001,"method":"tools/call","params":{"name":"echo","arguments":{"message":"a falcon at the top of its dive"}}}""";

    public static async Task<int> RunAsync(int rounds)
    {
        Programs.Pin();
        var (server, url) = await Programs.StartHttpFloorAsync();
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(body, Body);
            var options = new LoadOptions { WarmUp = TimeSpan.FromSeconds(8), ProtocolVersion = "2025-11-25" };
            Stage[] window = [new() { Duration = TimeSpan.FromSeconds(Seconds), Concurrency = Connections }];
            await using var session = await LoadSession.OpenAsync(new LoadTarget { Endpoint = url }, Programs.Echo with { Stages = window }, options);
            await session.WarmUpAsync();
            var ratios = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var ours = await session.MeasureAsync(window);
                var theirs = RunWrk(url, body);
                ratios.Add(ours.Throughput / theirs);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ours.Throughput,10:N0}/s, wrk {theirs,10:N0}/s, ratio {ratios[^1]:0.000}, generator busy {ours.Generator.Busy:P0}, server {ours.Resources.Samples[^1].ProcessorSeconds / ours.DurationSeconds:P0}, failed {ours.Failed}"));
            }

            ratios.Sort();
            var median = ratios[ratios.Count / 2];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {median:0.000} ({ratios[0]:0.000} to {ratios[^1]:0.000}), wanted {Wanted}: {(median >= Wanted ? "OK" : "BELOW")}"));
            return median >= Wanted ? 0 : 1;
        }
        finally
        {
            File.Delete(body);
            server.Kill();
            server.Dispose();
        }
    }

    private static double RunWrk(Uri url, string body)
    {
        var script = Path.Combine(Programs.Root, "bench", "peers", "wrk", "2025-11-25.lua");

        // It inherits the processor of this process, which waits meanwhile.
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c" + Programs.Text(Connections), $"-d{Programs.Text(Seconds)}s", "-s", script, url.ToString(), "--", body]) { RedirectStandardOutput = true })!;
        var text = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new InvalidOperationException($"wrk printed no result: {text}");
        }

        using var result = JsonDocument.Parse(text.AsMemory(at + Mark.Length));
        return result.RootElement.GetProperty("requests").GetInt64() * 1e6 / result.RootElement.GetProperty("microseconds").GetInt64();
    }
}
