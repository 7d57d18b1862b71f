using Peregrine.Load.Driving.Counting;
using Peregrine.Load.Driving.Plans;
using Peregrine.Load.Resources;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Load.Driving;

/// <summary>
/// A conversation with a server that is kept while it is measured more than once: one process, one warm-up, many windows. Two of them, measured in turn, see the same moods of the
/// machine. One call at a time; disposing ends the process that it started.
/// </summary>
public sealed class LoadSession : IAsyncDisposable
{
    private static readonly TimeSpan WatchTime = TimeSpan.FromMilliseconds(250);

    private readonly RunContext _run;
    private readonly Opener _opener;
    private readonly Worker[] _workers;
    private readonly ResourceSample? _before;
    private WarmUpData _warmUp = new(0, null);

    private LoadSession(RunContext run, Opener opener)
    {
        _run = run;
        _opener = opener;
        _workers = [.. Enumerable.Range(0, run.Options.Workers).Select(number => new Worker(run, number, number == 0 ? opener : null))];
        var sampler = ResourceSampler.For(run, _workers[0].ProcessId);
        sampler.Sample(0);
        _before = sampler.Last;
    }

    /// <summary>The server as it presented itself.</summary>
    public TargetData Target => new(_run.Target.Name, _run.IsHttp ? "http" : "stdio", Protocol.Versions.ProtocolVersions.ToText(_run.Version), _opener.ServerName);

    /// <summary>Opens the conversation.</summary>
    /// <param name="target">The server.</param>
    /// <param name="workload">What to do to it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">Target, workload or options are not valid; the message names all faults.</exception>
    /// <exception cref="LoadException">The server cannot be reached, or does not speak MCP.</exception>
    public static async Task<LoadSession> OpenAsync(LoadTarget target, Workload workload, LoadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. target.Validate(), .. workload.Validate(), .. options.Validate()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        // A process has one pair of pipes, and an audience one thread that listens.
        var run = new RunContext(target, workload, target.Endpoint is null || workload.Audience is not null ? options with { Workers = 1 } : options);
        var opener = new Opener(run);
        try
        {
            // The thread itself gives up: nobody may close what it still waits for.
            await OnThread(() => opener.Open(cancellationToken)).ConfigureAwait(false);
            return new LoadSession(run, opener);
        }
        catch
        {
            await opener.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads the server as in the first stage that has a load, until it is warm (<see cref="LoadOptions.WarmUp"/>).</summary>
    /// <param name="progress">Told about once a second; null for nobody.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task WarmUpAsync(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var length = _run.Options.WarmUp ?? _run.Options.WarmUpLimit;
        if (length == TimeSpan.Zero)
        {
            return;
        }

        // The first load that is not nothing, all the time.
        var stage = _run.Workload.Stages.First(static one => one.Rate > 0 || one.Concurrency > 0) with { Duration = length, Ramp = false };
        var isSettled = false;
        var begin = _run.Clock.Now;
        await RunPartAsync([stage], progress, isWarmUp: true, null, (gatherer, plan) =>
        {
            isSettled = _run.Options.WarmUp is null && WarmUpJudge.IsSettled(gatherer.Points, _run.IsOpen);
            if (isSettled)
            {
                plan.Stop();
            }
        }, cancellationToken).ConfigureAwait(false);
        _warmUp = new WarmUpData(Math.Round((_run.Clock.Now - begin) / (double)RunClock.Second, 3), _run.Options.WarmUp is null ? isSettled : null);
    }

    /// <summary>Measures.</summary>
    /// <param name="stages">The load: of the workload's kind, open or closed, and with no more users than the workload has.</param>
    /// <param name="progress">Told about once a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends the measurement without a result.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<LoadResult> MeasureAsync(IReadOnlyList<Stage> stages, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var sampler = ResourceSampler.For(_run, _workers[0].ProcessId);
        var startedAt = _run.Options.TimeProvider.GetUtcNow();
        var processorTime = Environment.CpuUsage.TotalTime;
        var part = await RunPartAsync(stages, progress, isWarmUp: false, sampler, null, cancellationToken).ConfigureAwait(false);
        processorTime = Environment.CpuUsage.TotalTime - processorTime;
        return new ResultBuilder(_run, part.Plan, part.Tallies).Build(part.Series, _opener, startedAt, _warmUp, processorTime, sampler.ToData(_before));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        await _opener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<(RunPlan Plan, Tally[] Tallies, List<SeriesPoint> Series)> RunPartAsync(
        IReadOnlyList<Stage> stages, IProgress<LoadProgress>? progress, bool isWarmUp,
        ResourceSampler? sampler, Action<SeriesGatherer, RunPlan>? judge, CancellationToken cancellationToken)
    {
        var length = stages.Aggregate(TimeSpan.Zero, static (sum, stage) => sum + stage.Duration);
        sampler?.Sample(0);
        var plan = new RunPlan(
            _run.Clock.Now + RunClock.Millisecond, (long)(length.TotalSeconds * RunClock.Second), _run.IsOpen ? new ArrivalSchedule(stages) : null, _run.IsOpen ? null : new UserCurve(stages));
        var tallies = _workers.Select(_ => new Tally(_run.Plans.Length, plan.Start)).ToArray();
        var gatherer = new SeriesGatherer(tallies);
        var ended = Task.WhenAll(_workers.Select((worker, i) => OnThread(() => worker.Run(plan, tallies[i]))));
        using var stop = cancellationToken.UnsafeRegister(static plan => ((RunPlan)plan!).Stop(), plan);
        using var timer = new PeriodicTimer(WatchTime, _run.Options.TimeProvider);
        for (var isEnd = false; !isEnd;)
        {
            await Task.WhenAny(ended, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);

            // Looked at once a round: workers that end between two looks would leave their last seconds untaken.
            isEnd = ended.IsCompleted;
            var now = _run.Clock.Now;
            sampler?.Sample((now - plan.Start) / (double)RunClock.Second);
            var known = gatherer.Points.Count;
            gatherer.Gather(now, isEnd);

            // What was under way at the end is counted in the second behind it, which is none of its own.
            foreach (var point in gatherer.Points.Skip(known).Where(point => point.Second < length.TotalSeconds))
            {
                progress?.Report(new LoadProgress(isWarmUp, TimeSpan.FromSeconds(point.Second + 1), length, point, gatherer.Failed, sampler?.Last));
            }

            judge?.Invoke(gatherer, plan);
        }

        await ended.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return (plan, tallies, gatherer.Points);
    }

    private static Task OnThread(Action body)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPoolScheduler.Instance.StartThread("peregrine load", () =>
        {
            try
            {
                body();
                ended.SetResult();
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        });
        return ended.Task;
    }
}
