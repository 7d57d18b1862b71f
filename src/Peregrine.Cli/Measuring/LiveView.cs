using System.Globalization;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Peregrine.Cli.Measuring;

/// <summary>What a run brings, second by second, on a terminal.</summary>
internal sealed class LiveView : IProgress<LoadProgress>
{
    private const int MaxSeconds = 600;
    private const int LabelWidth = 10;
    private const int FigureWidth = 14;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly LiveDisplayContext _display;
    private readonly BenchRequest _request;
    private readonly int _width;
    private readonly Lock _gate = new();
    private readonly List<SeriesPoint> _seconds = [];
    private bool _wasWarmUp = true;

    private LiveView(LiveDisplayContext display, BenchRequest request, int width) => (_display, _request, _width) = (display, request, width);

    /// <summary>Runs while showing.</summary>
    internal static Task<LoadResult> RunAsync(BenchRequest request, CancellationToken cancellationToken)
    {
        // Standard output is for the result.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return ShowAsync(console, request, view => LoadRunner.RunAsync(request.Target, request.Workload, request.Options, view, cancellationToken));
    }

    /// <summary>Shows what a run reports, on any console, until it has ended.</summary>
    internal static Task<T> ShowAsync<T>(IAnsiConsole console, BenchRequest request, Func<IProgress<LoadProgress>, Task<T>> run) => console.Live(new Text(Head(request)))
        .AutoClear(true)
        .StartAsync(display => run(new LiveView(display, request, console.Profile.Width)));

    public void Report(LoadProgress value)
    {
        lock (_gate)
        {
            if (_wasWarmUp != value.IsWarmUp)
            {
                _wasWarmUp = value.IsWarmUp;
                _seconds.Clear();
            }

            _seconds.Add(value.Second);
            if (_seconds.Count > MaxSeconds)
            {
                _seconds.RemoveAt(0);
            }

            _display.UpdateTarget(Draw(value));
            _display.Refresh();
        }
    }

    private static string Head(BenchRequest request) => $"connecting to {request.Target.Name} ...";

    private static string Count(double value) => value.ToString(value < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    private static string Clock(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Spark(IReadOnlyList<double> values, int width, bool isLog)
    {
        var shown = values.Skip(Math.Max(0, values.Count - width)).ToArray();
        var (low, high) = isLog ? (shown.Where(static value => value > 0).DefaultIfEmpty(1).Min(), shown.Max()) : (0, shown.Max());
        return string.Concat(shown.Select(value =>
        {
            var share = high <= 0 || value <= 0 ? 0
                : !isLog ? value / high
                : high <= low * 1.5 ? 0.4
                : Math.Log(value / low) / Math.Log(high / low);
            return Bars[Math.Clamp((int)Math.Round(share * (Bars.Length - 1)), 0, Bars.Length - 1)];
        }));
    }

    private Rows Draw(LoadProgress value)
    {
        var width = Math.Clamp(_width - LabelWidth - FigureWidth - 4, 10, 100);
        var load = _request.Workload.IsOpen ? "open loop, latency from when due" : "closed loop, service time";
        List<IRenderable> rows =
        [
            new Text($"{_request.Target.Name}", new Style(decoration: Decoration.Bold)).Overflow(Overflow.Ellipsis),
            new Text($"{_request.Workload.Name}, {load}", new Style(Color.Grey)),
            Time(value, width),
            Line("calls/s", Count(value.Second.Succeeded), Spark([.. _seconds.Select(static point => (double)point.Succeeded)], width, isLog: false), Color.DeepSkyBlue1),
            Line("P50", Durations.Write(value.Second.P50), Spark([.. _seconds.Select(static point => (double)point.P50)], width, isLog: true), Color.Green),
            Line("P99", Durations.Write(value.Second.P99), Spark([.. _seconds.Select(static point => (double)point.P99)], width, isLog: true), Color.Orange1),
            Line("max", Durations.Write(value.Second.Max), Spark([.. _seconds.Select(static point => (double)point.Max)], width, isLog: true), Color.Grey),
            Line("errors", value.Errors.ToString("N0", CultureInfo.InvariantCulture), value.Errors == 0 ? "" : Spark([.. _seconds.Select(static point => (double)point.Failed)], width, isLog: false), value.Errors == 0 ? Color.Grey : Color.Red),
        ];
        if (value.Resources is { } used)
        {
            rows.Add(Line("server", string.Create(CultureInfo.InvariantCulture, $"{used.ProcessorSeconds / Math.Max(0.001, used.Seconds):P0} CPU"), string.Create(CultureInfo.InvariantCulture, $"{used.ResidentBytes / 1048576.0:0.#} MiB, {used.Threads} threads, {used.Descriptors} descriptors"), Color.Grey));
        }

        return new Rows(rows);
    }

    private static Paragraph Time(LoadProgress value, int width)
    {
        var share = Math.Clamp(value.Elapsed / value.Length, 0, 1);
        var done = (int)(share * width);
        var text = new Paragraph();
        text.Append((value.IsWarmUp ? "warm-up" : "measuring").PadRight(LabelWidth), new Style(value.IsWarmUp ? Color.Yellow : Color.Green));
        text.Append($"{Clock(value.Elapsed)} / {Clock(value.Length)}".PadLeft(FigureWidth) + "  ");
        text.Append(new string('━', done), new Style(value.IsWarmUp ? Color.Yellow : Color.Green));
        return text.Append(new string('─', width - done), new Style(Color.Grey35));
    }

    private static Paragraph Line(string label, string figure, string spark, Color color)
    {
        var text = new Paragraph();
        text.Append(label.PadRight(LabelWidth));
        text.Append(figure.PadLeft(FigureWidth) + "  ", new Style(decoration: Decoration.Bold));
        return text.Append(spark, new Style(color));
    }
}
