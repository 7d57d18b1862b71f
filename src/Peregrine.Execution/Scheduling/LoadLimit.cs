using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Scheduling;

/// <summary>How many calls should run at once, as processor and memory say: fewer while there is little left of either, more while there is much. Thread-safe.</summary>
internal sealed class LoadLimit : IDisposable
{
    private readonly SchedulingOptions _options;
    private readonly int _most;
    private readonly Action _changed;
    private readonly Func<LoadSample> _sample;
    private readonly ITimer _timer;
    private int _limit;

    internal LoadLimit(SchedulingOptions options, int most, TimeProvider time, Action changed, Func<LoadSample>? sample = null)
    {
        _options = options;
        _most = most;
        _changed = changed;
        _sample = sample ?? ProcessLoad(time);
        _limit = Math.Min(most, Math.Max(options.MinConcurrentCalls, Environment.ProcessorCount * 16));
        _timer = time.CreateTimer(static limit => ((LoadLimit)limit!).Look(), this, options.LoadInterval, options.LoadInterval);
    }

    internal int Current => Volatile.Read(ref _limit);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var load = _sample();
        var limit = _limit;
        var wanted = load.CpuPercent > _options.ShrinkAboveCpuPercent || load.MemoryPercent > _options.ShrinkAboveMemoryPercent ? (int)(limit * 0.8)
            : load.CpuPercent < _options.GrowBelowCpuPercent ? (int)(limit * 1.1) + 1
            : limit;
        wanted = Math.Clamp(wanted, _options.MinConcurrentCalls, _most);
        if (wanted != limit)
        {
            Volatile.Write(ref _limit, wanted);
            _changed();
        }
    }

    private static Func<LoadSample> ProcessLoad(TimeProvider time)
    {
        var process = new ProcessSampler(time);
        return () =>
        {
            var memory = GC.GetGCMemoryInfo();
            return new LoadSample(process.Sample().CpuPercent / Environment.ProcessorCount,
                memory.TotalAvailableMemoryBytes > 0 ? 100.0 * Environment.WorkingSet / memory.TotalAvailableMemoryBytes : 0);
        };
    }
}
