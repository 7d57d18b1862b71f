using System.Globalization;
using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Bench.Generator;

/// <summary>Over stdio the generator must keep a floor's core busy, or say that it does not.</summary>
internal static class StdioLimit
{
    private const double Wanted = 0.95;

    public static async Task<int> RunAsync()
    {
        Programs.Pin();
        Stage[] window = [new() { Duration = TimeSpan.FromSeconds(5), Concurrency = 64 }];
        await using var session = await LoadSession.OpenAsync(Programs.StdioFloor, Programs.Echo with { Stages = window }, new LoadOptions { WarmUp = TimeSpan.FromSeconds(5) });
        await session.WarmUpAsync();
        var result = await session.MeasureAsync(window);
        var busy = result.Resources.Samples[^1].ProcessorSeconds / result.DurationSeconds;
        var isFine = busy >= Wanted || !result.Generator.IsValid || result.IsWaitBound;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Throughput:N0}/s, floor busy {busy:P1}, generator busy {result.Generator.Busy:P1}, run {(!result.Generator.IsValid ? "marked invalid" : result.IsWaitBound ? "told to be bound by waiting" : "valid")}: {(isFine ? "OK" : "the generator does not say that it was the bottleneck")}"));
        return isFine ? 0 : 1;
    }
}
