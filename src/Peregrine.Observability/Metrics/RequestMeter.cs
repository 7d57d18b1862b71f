namespace Peregrine.Observability.Metrics;

/// <summary>
/// Counts the requests of one upstream and method by outcome, with a latency histogram for each outcome that has occurred. Thread-safe; recording
/// neither locks nor allocates, except the first time an outcome occurs.
/// </summary>
public sealed class RequestMeter
{
    private static readonly string[] OutcomeLabels =
        ["ok", "tool_error", "error", "invalid", "timed_out", "cancelled", "overloaded", "unavailable", "outcome_unknown"];

    private readonly LatencyHistogram?[] _outcomes = new LatencyHistogram?[OutcomeLabels.Length];

    /// <summary>Makes a meter without any request. Get it from a <see cref="RequestMetrics"/> to have it on <c>/metrics</c>.</summary>
    /// <param name="upstream">Label: who was asked.</param>
    /// <param name="method">Label: the method.</param>
    public RequestMeter(string upstream, string method)
    {
        Upstream = upstream;
        Method = method;

        // Nearly every meter needs this one; the rest come when they are first needed.
        _outcomes[(int)RequestOutcome.Ok] = new LatencyHistogram();
    }

    /// <summary>Who was asked.</summary>
    public string Upstream { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The label of an outcome.</summary>
    public static string Label(RequestOutcome outcome) => OutcomeLabels[(int)outcome];

    /// <summary>Records one request.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="latency">How long it took.</param>
    public void Record(RequestOutcome outcome, TimeSpan latency) =>
        (Volatile.Read(ref _outcomes[(int)outcome]) ?? Create(outcome)).Record(latency);

    /// <summary>The histogram of an outcome; null where it has not occurred.</summary>
    public LatencyHistogram? this[RequestOutcome outcome] => Volatile.Read(ref _outcomes[(int)outcome]);

    /// <summary>How many requests ended so.</summary>
    public long Count(RequestOutcome outcome) => this[outcome]?.Count ?? 0;

    /// <summary>The latencies of all outcomes as one.</summary>
    public LatencySnapshot Read()
    {
        var snapshot = new LatencySnapshot();
        foreach (ref var outcome in _outcomes.AsSpan())
        {
            Volatile.Read(ref outcome)?.AddTo(snapshot);
        }

        return snapshot;
    }

    private LatencyHistogram Create(RequestOutcome outcome)
    {
        var made = new LatencyHistogram();
        return Interlocked.CompareExchange(ref _outcomes[(int)outcome], made, null) ?? made;
    }
}
