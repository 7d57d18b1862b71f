using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Tests.Driving;

public sealed class StdioRunTests
{
    [Theory]
    [InlineData("--session", "2025-06-18")]
    [InlineData("--stateless", "2026-07-28")]
    public async Task A_command_is_driven_in_both_eras(string era, string version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measuring a command needs Linux");
        var result = await LoadRunner.RunAsync(Runs.Process(era), Runs.Closed(16, 1).Varied(), Runs.Options);
        Runs.AssertConsistent(result);
        Assert.Equal((0, version, "stdio"), (result.Failed, result.Target.ProtocolVersion, result.Target.Transport));
        Assert.True(result.Succeeded > 16, "hardly any call was made");
        Assert.True(result.Resources.Samples[^1] is { ResidentBytes: > 1_000_000, Threads: > 1, Descriptors: > 2 }, "the process was not seen");
    }

    [Fact]
    public async Task An_iteration_can_have_a_process_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measuring a command needs Linux");
        var result = await LoadRunner.RunAsync(Runs.Process("--session"), WorkloadPresets.Find("cold-start")! with { Stages = Runs.Closed(1, 1).Stages }, Runs.Options);
        Runs.AssertConsistent(result);
        Assert.Equal(0, result.Failed);
        Assert.Equal(result.Succeeded, result.Traffic.Connections);

        // Starting is part of it.
        Assert.True(result.Response.Min > result.Service.Min);
    }

    [Fact]
    public async Task A_command_that_does_not_start_is_told()
    {
        var exception = await Assert.ThrowsAsync<LoadException>(() => LoadRunner.RunAsync(new LoadTarget { Command = ["/no/such/program"] }, Runs.Closed(1, 1), Runs.Options));
        Assert.Contains("/no/such/program", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_ends_at_once_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measuring a command needs Linux");
        await Assert.ThrowsAsync<LoadException>(() => LoadRunner.RunAsync(Runs.Process("--broken"), Runs.Closed(1, 1), Runs.Options));
    }
}
