using System.Collections.Concurrent;
using Peregrine.Load.Histograms;

namespace Peregrine.Load.Driving.Counting;

/// <summary>What one worker has counted in one part of a run. Written by its thread alone; only <see cref="TryTakeInterval"/> and <see cref="Return"/> may be called from another before that has ended.</summary>
internal sealed class Tally
{
    private const int MaxExamples = 5;

    private readonly ConcurrentQueue<Interval> _ended = new();
    private readonly ConcurrentQueue<Interval> _free = new();
    private Interval _current = new();

    internal Tally(int operations, long start)
    {
        Start = start;
        Response = Histograms(operations);
        Service = Histograms(operations);
        FailedByOperation = new long[operations];
        SucceededByOperation = new long[operations];
    }

    internal long Start { get; }

    /// <summary>From when a call was due, for each operation.</summary>
    internal Histogram[] Response { get; }

    /// <summary>From when a call was sent, for each operation.</summary>
    internal Histogram[] Service { get; }

    /// <summary>How late a call was sent although a connection was free.</summary>
    internal Histogram Lag { get; } = new();

    /// <summary>Openings of sessions, connections and processes included.</summary>
    internal Histogram Opening { get; } = new();

    /// <summary>From when a call was sent to when one of the audience heard of its change.</summary>
    internal Histogram Deliveries { get; } = new();

    internal long[] FailedByOperation { get; }

    internal long[] SucceededByOperation { get; }

    internal long[] Errors { get; } = new long[Enum.GetValues<LoadError>().Length];

    internal List<string> Examples { get; } = [];

    internal long Succeeded { get; private set; }

    internal long Failed { get; private set; }

    internal long Connections { get; set; }

    internal long Requests { get; set; }

    internal long BytesIn { get; set; }

    internal long BytesOut { get; set; }

    /// <summary>How long the worker waited for something to do, in nanoseconds.</summary>
    internal long Idle { get; set; }

    /// <summary>When the last call ended.</summary>
    internal long LastEnd { get; private set; }

    internal void Succeed(int operation, long response, long service, long now)
    {
        Roll(now);
        Succeeded++;
        SucceededByOperation[operation]++;
        LastEnd = now;
        _current.Succeeded++;
        _current.Response.Record(response);
        Response[operation].Record(response);
        Service[operation].Record(service);
    }

    /// <summary>Counts a failure.</summary>
    /// <param name="operation">Which operation; -1 where none was sent.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="example">What it looked like; the first ones are kept.</param>
    /// <param name="response">How long it took, where that counts as latency; else -1.</param>
    /// <param name="now">The time.</param>
    internal void Fail(int operation, LoadError error, string example, long response, long now)
    {
        Roll(now);
        Failed++;
        LastEnd = now;
        _current.Failed++;
        Errors[(int)error]++;
        if (operation >= 0)
        {
            FailedByOperation[operation]++;
        }

        if (response >= 0)
        {
            _current.Response.Record(response);
            Response[operation].Record(response);
            Service[operation].Record(response);
        }

        if (Examples.Count < MaxExamples)
        {
            Examples.Add($"{error}: {example}");
        }
    }

    /// <summary>Hands the second over that has ended.</summary>
    internal void Roll(long now)
    {
        var second = (int)(Math.Max(0, now - Start) / RunClock.Second);
        if (second == _current.Second)
        {
            return;
        }

        _ended.Enqueue(_current);
        _current = _free.TryDequeue(out var free) ? free : new Interval();
        _current.Second = second;
    }

    /// <summary>Hands the last second over.</summary>
    internal void End() => _ended.Enqueue(_current);

    internal bool TryTakeInterval(out Interval? interval) => _ended.TryDequeue(out interval);

    internal void Return(Interval interval)
    {
        interval.Clear();
        _free.Enqueue(interval);
    }

    private static Histogram[] Histograms(int count) => [.. Enumerable.Range(0, count).Select(static _ => new Histogram())];
}
