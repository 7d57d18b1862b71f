using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Targets;

namespace Peregrine.Bench.Peers.Rows;

/// <summary>A target while its row is being measured.</summary>
internal sealed class Candidate(Target target, string root)
{
    private readonly List<Measurement> _measurements = [];
    private List<double>? _tails;
    private string? _command;
    private long? _residentBytes;

    public Target Target => target;

    public string? Skipped { get; set; }

    public string? Failed { get; set; }

    public ILoad? Load { get; set; }

    public WarmUp? WarmUp { get; set; }

    /// <summary>One value for each round, in the row's unit.</summary>
    public List<double> Values { get; } = [];

    public IReadOnlyList<string> CommandFor(int port)
    {
        IReadOnlyList<string> command = target.Command(port);
        // Relative to the repository: where it was checked out is nobody's business.
        _command = string.Join(' ', command).Replace(root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        return command;
    }

    public void Add(Measurement measurement) => Add(measurement, measurement.CallsPerSecond);

    /// <summary>Adds a round in a row about latency: its median is the value.</summary>
    public void AddLatency(Measurement measurement)
    {
        Add(measurement, measurement.P50.TotalMicroseconds);
        (_tails ??= []).Add(measurement.P99.TotalMicroseconds);
    }

    public TargetResult ToResult() => new(target.Id, target.Label, target.Role)
    {
        Skipped = Skipped,
        Failed = Failed,
        // A target that failed half-way has no result: its good rounds would look like one.
        Median = Failed is null && Values.Count > 0 ? Median.Of(Values) : null,
        Runs = Values,
        TailRuns = _tails,
        P50Microseconds = MedianOf(measurement => measurement.P50.TotalMicroseconds),
        P99Microseconds = MedianOf(measurement => measurement.P99.TotalMicroseconds),
        ServerProcessors = MedianOf(measurement => measurement.ServerProcessors),
        LoadProcessors = MedianOf(measurement => measurement.LoadProcessors),
        OtherProcessors = MedianOf(measurement => measurement.OtherProcessors),
        IsLoadBound = _measurements.Count > 0 && _measurements.Count(measurement => measurement.IsLoadBound) * 2 > _measurements.Count,
        ResidentBytes = _residentBytes,
        WarmUp = WarmUp,
        Command = _command,
    };

    private void Add(Measurement measurement, double value)
    {
        _measurements.Add(measurement);
        Values.Add(value);
        _residentBytes = ProcessUsage.GroupResidentBytes(Load!.ProcessId);
    }

    private double? MedianOf(Func<Measurement, double> value) => _measurements.Count == 0 ? null : Median.Of(_measurements.Select(value));
}
