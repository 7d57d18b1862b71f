using Peregrine.Cli.Measuring;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;
using Spectre.Console;

namespace Peregrine.Cli.Tests.Measuring;

public sealed class LiveViewTests
{
    private static readonly BenchRequest Request = new(
        new LoadTarget { Endpoint = new Uri("http://127.0.0.1:8808/mcp") }, WorkloadPresets.Find("echo")!, new LoadOptions(), 1, new BenchOutput(false, null, null, null, []), null);

    [Fact]
    public async Task A_second_of_a_run_is_shown_whole()
    {
        var shown = await ShowAsync(
            new LoadProgress(true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), new SeriesPoint(0, 7, 0, 1_000_000, 2_000_000, 3_000_000), 0),
            new LoadProgress(false, TimeSpan.FromSeconds(90), TimeSpan.FromHours(2), new SeriesPoint(0, 12_345, 3, 250_000, 4_500_000, 80_000_000), 3,
                new ResourceSample(10, 5, 64 << 20, 12, 34, 1)));

        foreach (var part in (string[])["http://127.0.0.1:8808/mcp", "echo", "warm-up", "measuring", "1:30 / 2:00:00", "calls/s", "12,345", "P50", "P99", "max", "errors", "50 % CPU", "64 MiB, 12 threads, 34 descriptors", "█"])
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }
    }

    /// <summary>A server that answers nothing, and a run whose length is not known.</summary>
    [Fact]
    public async Task Nothing_but_zeros_can_be_shown_too()
    {
        var shown = await ShowAsync([.. Enumerable.Range(0, 700).Select(static second => new LoadProgress(false, TimeSpan.FromSeconds(second), TimeSpan.Zero, new SeriesPoint(second, 0, 1, 0, 0, 0), second))]);

        Assert.Contains("errors", shown, StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(params LoadProgress[] reports)
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 120;
        await LiveView.ShowAsync(console, Request, view =>
        {
            foreach (var report in reports)
            {
                view.Report(report);
            }

            return Task.FromResult(true);
        });
        return written.ToString();
    }
}
