using System.Diagnostics;
using System.Runtime.Versioning;

namespace Peregrine.Architecture.Tests.Scripts;

[UnsupportedOSPlatform("windows")]
[Collection(nameof(MeasuredAlone))]
public sealed class LaunchScriptTests : IDisposable
{
    private readonly LaunchSandbox _sandbox;

    public LaunchScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "./peregrine is the script for Unix; peregrine.cmd is its twin.");
        _sandbox = new LaunchSandbox();
    }

    public void Dispose() => _sandbox?.Dispose();

    [Fact]
    public async Task First_run_builds_and_passes_arguments_and_input()
    {
        var (code, output, errors) = await _sandbox.RunAsync(["a b", "", "*", "--", "$x"], input: "a message\n");
        Assert.Equal((0, "built from one\n<a b>\n<>\n<*>\n<-->\n<$x>\na message\n"), (code, output));
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith("peregrine: building", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_run_does_not_build_and_says_nothing()
    {
        await _sandbox.RunAsync([]);
        var (_, output, errors) = await _sandbox.RunAsync([], withSdk: false);
        Assert.Equal(("built from one\n", ""), (output, errors));
        Assert.Equal(1, _sandbox.Builds);
    }

    [Theory]
    [InlineData("src/Program.cs")]
    [InlineData("src/New.cs")]
    [InlineData("eng/Library.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    [InlineData("peregrine")]
    public async Task Changed_or_new_source_builds_again(string file)
    {
        await _sandbox.RunAsync([]);
        await File.AppendAllTextAsync(Path.Combine(_sandbox.Root, file), "\n", TestContext.Current.CancellationToken);
        await _sandbox.RunAsync([]);
        Assert.Equal(2, _sandbox.Builds);
    }

    [Fact]
    public async Task Removed_source_builds_again()
    {
        string extra = Path.Combine(_sandbox.Root, "src", "Extra.cs");
        await File.WriteAllTextAsync(extra, "", TestContext.Current.CancellationToken);
        _sandbox.Age();
        await _sandbox.RunAsync([]);
        File.Delete(extra);
        await _sandbox.RunAsync([]);
        Assert.Equal(2, _sandbox.Builds);
    }

    [Fact]
    public async Task File_that_is_no_source_does_not_build_again()
    {
        await _sandbox.RunAsync([]);
        await File.WriteAllTextAsync(Path.Combine(_sandbox.Root, "README.md"), "", TestContext.Current.CancellationToken);
        await _sandbox.RunAsync([]);
        Assert.Equal(1, _sandbox.Builds);
    }

    [Fact]
    public async Task Works_through_links()
    {
        string relative = Path.Combine(_sandbox.Root, "elsewhere", "relative");
        File.CreateSymbolicLink(relative, "../peregrine");
        string absolute = Path.Combine(_sandbox.Root, "elsewhere", "absolute");
        File.CreateSymbolicLink(absolute, relative);
        Assert.Equal("built from one\n", (await _sandbox.RunAsync([], script: absolute)).Output);
    }

    [Fact]
    public async Task Failed_build_is_shown_and_tried_again()
    {
        string broken = Path.Combine(_sandbox.Root, "broken");
        await File.WriteAllTextAsync(broken, "", TestContext.Current.CancellationToken);
        var (code, output, errors) = await _sandbox.RunAsync([]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("error CS0000: broken on request", errors, StringComparison.Ordinal);
        File.Delete(broken);
        Assert.Equal("built from one\n", (await _sandbox.RunAsync([])).Output);
    }

    [Fact]
    public async Task Missing_sdk_is_named()
    {
        var (code, output, errors) = await _sandbox.RunAsync([], withSdk: false);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(".NET 10 SDK", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invocations_at_the_same_time_build_once()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _sandbox.RunAsync([$"{i}"])));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"built from one\n<{i}>\n"), runs.Select(r => r.Output));
        Assert.Equal(1, _sandbox.Builds);
    }

    [Fact]
    public async Task Earlier_builds_stay_for_programs_that_run_from_them()
    {
        for (int i = 0; i < 5; i++)
        {
            await File.WriteAllTextAsync(_sandbox.Source, $"{i}", TestContext.Current.CancellationToken);
            Assert.Equal($"built from {i}\n", (await _sandbox.RunAsync([])).Output);
        }

        Assert.Equal(3, Directory.GetDirectories(Path.Combine(_sandbox.Root, "artifacts", "quick"), "run.*").Length);
    }

    /// <summary>
    /// The decision is part of the tool's start; its budget is 20 ms. The fastest tenth judges: what the script costs is in
    /// every run, and what the machine was busy with is not.
    /// </summary>
    [Fact]
    public async Task Decision_takes_less_than_20_ms()
    {
        await _sandbox.RunAsync([]);
        Directory.CreateDirectory(Path.Combine(_sandbox.Root, "src", "Many"));
        for (int i = 0; i < 600; i++)
            await File.WriteAllTextAsync(Path.Combine(_sandbox.Root, "src", "Many", $"F{i}.cs"), "", TestContext.Current.CancellationToken);
        _sandbox.Age();
        await _sandbox.RunAsync([]);
        int builds = _sandbox.Builds;

        var times = new List<double>();
        for (int i = 0; i < 100; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            await _sandbox.RunAsync([]);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        times.Sort();
        Assert.Equal(builds, _sandbox.Builds);
        Assert.True(times[10] < 20, $"P10 {times[10]:F1} ms, P50 {times[50]:F1} ms, P90 {times[90]:F1} ms");
    }
}
