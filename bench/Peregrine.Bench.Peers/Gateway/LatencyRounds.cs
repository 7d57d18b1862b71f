using System.Diagnostics;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>Rounds in which all candidates of a row about latency take turns, slice by slice: what is subtracted from each other was measured within a tenth of a second.</summary>
internal sealed class LatencyRounds(IReadOnlyList<Candidate> candidates, TimeSpan window)
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(25);

    /// <summary>Measures a round: each candidate for the window's length altogether.</summary>
    /// <param name="guard">Runs what one candidate does, and notes its failure.</param>
    public void Measure(Action<Candidate, Action> guard)
    {
        TimeSpan machine = MachineUsage.ProcessorTime();
        TimeSpan known = KnownTime();
        long start = Stopwatch.GetTimestamp();
        foreach (Candidate candidate in candidates)
            guard(candidate, () => LoadOf(candidate).Begin());
        for (TimeSpan loaded = TimeSpan.Zero; loaded < window; loaded += s_slice)
        {
            foreach (Candidate candidate in candidates)
                guard(candidate, () => LoadOf(candidate).Slice(s_slice));
        }

        TimeSpan others = MachineUsage.ProcessorTime() - machine - (KnownTime() - known);
        double otherProcessors = Math.Max(0, others / Stopwatch.GetElapsedTime(start));
        foreach (Candidate candidate in candidates)
            guard(candidate, () => candidate.AddLatency(LoadOf(candidate).End() with { OtherProcessors = otherProcessors }));
    }

    private static OneCallLoad LoadOf(Candidate candidate) => (OneCallLoad)candidate.Load!;

    // What is measured, what measures, and the server behind, which is the process of the direct calls.
    private TimeSpan KnownTime() => candidates.Where(candidate => candidate.Load is not null)
        .Aggregate(ProcessUsage.ProcessorTime(Environment.ProcessId), (sum, candidate) => sum + ProcessUsage.GroupProcessorTime(candidate.Load!.ProcessId));
}
