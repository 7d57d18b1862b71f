using System.Globalization;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Bench.Generator;

/// <summary>How late an open loop sends its calls.</summary>
internal static class ScheduleCheck
{
    private const long Wanted = 50_000;

    public static async Task<int> RunAsync(int seconds)
    {
        Programs.Pin();
        var (server, url) = await Programs.StartHttpFloorAsync();
        try
        {
            var workload = Programs.Echo with { Stages = [new() { Duration = TimeSpan.FromSeconds(seconds), Rate = 1000 }] };
            var result = await LoadRunner.RunAsync(new LoadTarget { Endpoint = url }, workload, new LoadOptions { WarmUp = TimeSpan.FromSeconds(3) });
            var lag = result.Generator.Lag;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{lag.Count:N0} calls at 1,000/s: late by P50 {Durations.Write(lag.P50)}, P99 {Durations.Write(lag.P99)}, P99.9 {Durations.Write(lag.P999)}, at most {Durations.Write(lag.Max)}; wanted P99 {Durations.Write(Wanted)}: {(lag.P99 <= Wanted ? "OK" : "ABOVE")}"));
            return lag.P99 <= Wanted ? 0 : 1;
        }
        finally
        {
            server.Kill();
            server.Dispose();
        }
    }
}
