using Peregrine.Load.Histograms;
using Peregrine.Load.Results;

namespace Peregrine.Load.Driving.Counting;

/// <summary>Joins the seconds of all workers. Not thread-safe; may run beside the workers.</summary>
internal sealed class SeriesGatherer(IReadOnlyList<Tally> tallies)
{
    private readonly SortedDictionary<int, Second> _open = [];

    /// <summary>Seconds that are whole, in order.</summary>
    internal List<SeriesPoint> Points { get; } = [];

    /// <summary>Failures so far.</summary>
    internal long Failed { get; private set; }

    /// <summary>Takes what the workers have handed over.</summary>
    /// <param name="now">The time; seconds end when every worker has had time to hand them over.</param>
    /// <param name="isEnd">True once the workers have ended.</param>
    internal void Gather(long now, bool isEnd)
    {
        foreach (var tally in tallies)
        {
            while (tally.TryTakeInterval(out var interval))
            {
                Add(interval!);
                tally.Return(interval!);
            }
        }

        // A worker hands a second over at its next tick, some milliseconds after its end.
        var past = isEnd ? int.MaxValue : (int)((now - tallies[0].Start - (RunClock.Second / 4)) / RunClock.Second);
        while (_open.Count > 0 && _open.First() is var (second, sum) && second < past)
        {
            _open.Remove(second);
            if (sum.Succeeded + sum.Failed > 0 || !isEnd)
            {
                Points.Add(new SeriesPoint(second, sum.Succeeded, sum.Failed, sum.Response.Quantile(0.5), sum.Response.Quantile(0.99), sum.Response.Max));
            }
        }
    }

    private void Add(Interval interval)
    {
        if (!_open.TryGetValue(interval.Second, out var sum))
        {
            _open.Add(interval.Second, sum = new Second());
        }

        sum.Response.Merge(interval.Response);
        sum.Succeeded += interval.Succeeded;
        sum.Failed += interval.Failed;
        Failed += interval.Failed;
    }

    private sealed class Second
    {
        internal Histogram Response { get; } = new();

        internal long Succeeded { get; set; }

        internal long Failed { get; set; }
    }
}
