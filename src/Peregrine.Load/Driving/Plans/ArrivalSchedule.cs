using Peregrine.Load.Workloads;

namespace Peregrine.Load.Driving.Plans;

/// <summary>When each iteration of an open loop is due, fixed before the run: what a slow server does changes nothing. Immutable.</summary>
internal sealed class ArrivalSchedule
{
    private readonly Piece[] _pieces;

    internal ArrivalSchedule(IReadOnlyList<Stage> stages)
    {
        _pieces = new Piece[stages.Count];
        double start = 0, before = 0, rate = 0;
        for (var i = 0; i < stages.Count; i++)
        {
            var seconds = stages[i].Duration.TotalSeconds;
            var to = stages[i].Rate!.Value;
            var from = stages[i].Ramp ? rate : to;
            _pieces[i] = new Piece(start, seconds, from, to, before);
            before += (from + to) / 2 * seconds;
            start += seconds;
            rate = to;
        }

        // A whole number but for the rounding of the sums.
        Count = (long)Math.Ceiling(before - 1e-6);
    }

    /// <summary>How many iterations there are.</summary>
    internal long Count { get; }

    /// <summary>When iteration <paramref name="index"/> is due, in nanoseconds from the start.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="piece">Where the search begins; asking in order with the same variable makes it quick.</param>
    internal long DueOf(long index, ref int piece)
    {
        while (piece + 1 < _pieces.Length && _pieces[piece + 1].Before <= index)
        {
            piece++;
        }

        return (long)(_pieces[piece].TimeOf(index) * RunClock.Second);
    }

    private readonly record struct Piece(double Start, double Seconds, double From, double To, double Before)
    {
        // The rate moves in a straight line, so that the number grows as a parabola; this is its inverse.
        internal double TimeOf(long index)
        {
            var count = index - Before;
            if (count <= 0)
            {
                return Start;
            }

            var slope = (To - From) / Seconds;
            return Start + (2 * count / (From + Math.Sqrt(Math.Max(0, (From * From) + (2 * slope * count)))));
        }
    }
}
