using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Comparing;

/// <summary>How two servers are measured in turn.</summary>
public sealed record PairPlan
{
    /// <summary>The first side.</summary>
    public required LoadTarget First { get; init; }

    /// <summary>The second side.</summary>
    public required LoadTarget Second { get; init; }

    /// <summary>The workload; its first stage that has a load is what each window runs.</summary>
    public required Workload Workload { get; init; }

    /// <summary>How load is made; the warm-up is that of each launch.</summary>
    public LoadOptions Options { get; init; } = new();

    /// <summary>How often both are started (commands) or connected to (URLs) anew: 1 to 1,000. Default 3.</summary>
    public int Launches { get; init; } = 3;

    /// <summary>Rounds of a launch, each a window of both: 1 to 10,000. Default 8.</summary>
    public int Rounds { get; init; } = 8;

    /// <summary>How long a window is: 0.1 s to 1 hour. Default 1 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>All that is wrong; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>([.. First.Validate(), .. Second.Validate(), .. Workload.Validate(), .. Options.Validate()]);
        Require(Launches is >= 1 and <= 1000, "Launches must be 1 to 1,000.");
        Require(Rounds is >= 1 and <= 10_000, "Rounds must be 1 to 10,000.");
        Require(Window >= TimeSpan.FromSeconds(0.1) && Window <= TimeSpan.FromHours(1), "Window must be 0.1 s to 1 hour.");
        return faults;

        void Require(bool fine, string fault)
        {
            if (!fine)
            {
                faults.Add(fault);
            }
        }
    }
}
