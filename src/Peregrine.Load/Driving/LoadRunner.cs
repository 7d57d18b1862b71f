using Peregrine.Load.Driving.Counting;
using Peregrine.Load.Driving.Plans;
using Peregrine.Load.Resources;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Load.Driving;

/// <summary>Runs workloads: opens the conversation, warms up, measures, checks itself.</summary>
public static class LoadRunner
{
    private static readonly TimeSpan WatchTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs a workload against a server.</summary>
    /// <param name="target">The server.</param>
    /// <param name="workload">What to do to it.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told about once a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run without a result.</param>
    /// <exception cref="ArgumentException">Target, workload or options are not valid; the message names all faults.</exception>
    /// <exception cref="LoadException">The server cannot be reached, or does not speak MCP.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static async Task<LoadResult> RunAsync(
        LoadTarget target, Workload workload, LoadOptions options, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. target.Validate(), .. workload.Validate(), .. options.Validate()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        // A process has one pair of pipes.
        var run = new RunContext(target, workload, target.Endpoint is null ? options with { Workers = 1 } : options);
        var opener = new Opener(run);
        await using var closing = opener.ConfigureAwait(false);
        await OnThread(opener.Open).WaitAsync(cancellationToken).ConfigureAwait(false);
        var workers = Enumerable.Range(0, run.Options.Workers).Select(number => new Worker(run, number, number == 0 ? opener : null)).ToArray();
        try
        {
            var warmUp = await WarmUpAsync(run, workers, progress, cancellationToken).ConfigureAwait(false);
            return await MeasureAsync(run, workers, opener, warmUp, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<WarmUpData> WarmUpAsync(RunContext run, Worker[] workers, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var length = run.Options.WarmUp ?? run.Options.WarmUpLimit;
        if (length == TimeSpan.Zero)
        {
            return new WarmUpData(0, null);
        }

        // The first load that is not nothing, all the time.
        var stage = run.Workload.Stages.First(static one => one.Rate > 0 || one.Concurrency > 0) with { Duration = length, Ramp = false };
        var isSettled = false;
        var begin = run.Clock.Now;
        await RunPartAsync(run, workers, [stage], progress, isWarmUp: true, null, (gatherer, plan) =>
        {
            isSettled = run.Options.WarmUp is null && WarmUpJudge.IsSettled(gatherer.Points, run.IsOpen);
            if (isSettled)
            {
                plan.Stop();
            }
        }, cancellationToken).ConfigureAwait(false);
        return new WarmUpData(Math.Round((run.Clock.Now - begin) / (double)RunClock.Second, 3), run.Options.WarmUp is null ? isSettled : null);
    }

    private static async Task<LoadResult> MeasureAsync(
        RunContext run, Worker[] workers, Opener opener, WarmUpData warmUp, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var sampler = ResourceSampler.For(run, workers[0].ProcessId);
        var startedAt = run.Options.TimeProvider.GetUtcNow();
        var processorTime = Environment.CpuUsage.TotalTime;
        var part = await RunPartAsync(run, workers, run.Workload.Stages, progress, isWarmUp: false, sampler, null, cancellationToken).ConfigureAwait(false);
        processorTime = Environment.CpuUsage.TotalTime - processorTime;
        return new ResultBuilder(run, part.Plan, part.Tallies).Build(part.Series, opener, startedAt, warmUp, processorTime, sampler.ToData());
    }

    private static async Task<(RunPlan Plan, Tally[] Tallies, List<SeriesPoint> Series)> RunPartAsync(
        RunContext run, Worker[] workers, IReadOnlyList<Stage> stages, IProgress<LoadProgress>? progress, bool isWarmUp,
        ResourceSampler? sampler, Action<SeriesGatherer, RunPlan>? judge, CancellationToken cancellationToken)
    {
        var length = stages.Aggregate(TimeSpan.Zero, static (sum, stage) => sum + stage.Duration);
        sampler?.Sample(0);
        var plan = new RunPlan(
            run.Clock.Now + RunClock.Millisecond, (long)(length.TotalSeconds * RunClock.Second), run.IsOpen ? new ArrivalSchedule(stages) : null, run.IsOpen ? null : new UserCurve(stages));
        var tallies = workers.Select(_ => new Tally(run.Plans.Length, plan.Start)).ToArray();
        var gatherer = new SeriesGatherer(tallies);
        var ended = Task.WhenAll(workers.Select((worker, i) => OnThread(() => worker.Run(plan, tallies[i]))));
        using var stop = cancellationToken.UnsafeRegister(static plan => ((RunPlan)plan!).Stop(), plan);
        using var timer = new PeriodicTimer(WatchTime, run.Options.TimeProvider);
        for (var isEnd = false; !isEnd;)
        {
            await Task.WhenAny(ended, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);

            // Looked at once a round: workers that end between two looks would leave their last seconds untaken.
            isEnd = ended.IsCompleted;
            var now = run.Clock.Now;
            sampler?.Sample((now - plan.Start) / (double)RunClock.Second);
            var known = gatherer.Points.Count;
            gatherer.Gather(now, isEnd);
            foreach (var point in gatherer.Points.Skip(known))
            {
                progress?.Report(new LoadProgress(isWarmUp, TimeSpan.FromSeconds(point.Second + 1), length, point, gatherer.Failed));
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
