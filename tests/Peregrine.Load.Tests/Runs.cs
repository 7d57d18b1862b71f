using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Tests;

/// <summary>Short runs.</summary>
internal static class Runs
{
    /// <summary>No warm-up, and no judgement of the generator: the machine may be busy.</summary>
    public static readonly LoadOptions Options = new() { WarmUp = TimeSpan.Zero, CallTimeout = TimeSpan.FromSeconds(20), MaxLag = TimeSpan.FromSeconds(1), MaxBusy = 1 };

    public static Workload Closed(int users, double seconds) => WorkloadPresets.Find("echo")! with { Stages = [new() { Duration = TimeSpan.FromSeconds(seconds), Concurrency = users }] };

    public static Workload Open(double rate, double seconds) => WorkloadPresets.Find("echo")! with { Stages = [new() { Duration = TimeSpan.FromSeconds(seconds), Rate = rate }] };

    public static Workload Varied(this Workload workload) => workload with
    {
        Operations = [workload.Operations[0] with { Arguments = """{"message":{"$text":{"from":1,"to":20000}},"n":{"$counter":{}}}""" }],
    };

    public static async Task<LoadResult> RunAsync(FixtureServer server, Workload workload, LoadOptions? options = null)
    {
        var result = await LoadRunner.RunAsync(new LoadTarget { Endpoint = server.Url }, workload, options ?? Options, null, TestContext.Current.CancellationToken);
        AssertConsistent(result);
        return result;
    }

    public static LoadTarget Process(params string[] arguments) =>
        new() { Command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Peregrine.Gateway.Tests.Upstream.dll"), .. arguments] };

    public static void AssertConsistent(LoadResult result)
    {
        ResultFile.Read(ResultFile.Write(result), out var faults);
        Assert.Empty(faults);
    }
}
