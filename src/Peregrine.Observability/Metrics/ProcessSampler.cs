using System.Diagnostics;

namespace Peregrine.Observability.Metrics;

/// <summary>Measures this process. A sample taken within 100 ms of the one before is that one again, so that many readers do not disturb it. Thread-safe.</summary>
public sealed class ProcessSampler
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Func<TimeSpan> _processorTime;
    private long _sampledAt;
    private TimeSpan _usedThen;
    private ProcessSample _last;
    private bool _hasSample;

    /// <summary>Begins to measure.</summary>
    /// <param name="time">Where time comes from.</param>
    public ProcessSampler(TimeProvider time)
        : this(time, ReadProcessorTime)
    {
    }

    internal ProcessSampler(TimeProvider time, Func<TimeSpan> processorTime)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _processorTime = processorTime;
        _sampledAt = time.GetTimestamp();
        _usedThen = processorTime();
    }

    /// <summary>Takes a sample.</summary>
    public ProcessSample Sample()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var elapsed = _time.GetElapsedTime(_sampledAt, now);
            if (elapsed < ShortestInterval && _hasSample)
            {
                return _last;
            }

            var used = _processorTime();
            var percent = elapsed > TimeSpan.Zero ? 100 * (used - _usedThen) / elapsed : 0;
            _sampledAt = now;
            _usedThen = used;
            _hasSample = true;
            return _last = new ProcessSample(percent, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), CountThreads());
        }
    }

    /// <summary>Samples and writes memory, processor and threads.</summary>
    public void WriteTo(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var sample = Sample();
        writer.BeginFamily(MetricNames.MemoryUsage, "gauge", "Working set of the process in bytes.");
        writer.WriteSample(MetricNames.MemoryUsage, sample.WorkingSetBytes);
        writer.BeginFamily(MetricNames.CpuUsage, "gauge", "Processor time since the last sample, 100 for one processor fully used.");
        writer.WriteSample(MetricNames.CpuUsage, Math.Round(sample.CpuPercent, 2));
        writer.BeginFamily(MetricNames.Threads, "gauge", "Threads of the process.");
        writer.WriteSample(MetricNames.Threads, sample.Threads);
    }

    private static TimeSpan ReadProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static int CountThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
