using System.Numerics;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Switches;
using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Instruments;

/// <summary>
/// Records single calls: those that run, those that have lately ended, and slow ones in the log. Off unless its switch is on; then a call costs one small object and two short locks that few share.
/// Totals are exact. Thread-safe.
/// </summary>
public sealed class CallInstruments : IDisposable
{
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(1);
    private static readonly int Outcomes = (int)RequestOutcome.Unknown + 1;

    private readonly InstrumentOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RuntimeSwitch _isOn;
    private readonly LinkedList<TrackedCall>[] _active;
    private readonly CallRecord?[] _recent;
    private readonly StripedCounter[] _ended;
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private bool _isDisposed;
    private long _begun;
    private long _recentCount;
    private long _takenAt;
    private volatile InstrumentSnapshot _current;

    /// <summary>Makes instruments.</summary>
    /// <param name="options">What is remembered.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="logger">Where slow calls are logged.</param>
    /// <param name="isOn">The switch.</param>
    public CallInstruments(InstrumentOptions options, TimeProvider time, ILogger logger, RuntimeSwitch isOn)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(isOn);
        _options = options;
        _time = time;
        _logger = logger;
        _isOn = isOn;
        _active = new LinkedList<TrackedCall>[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];
        for (var i = 0; i < _active.Length; i++)
        {
            _active[i] = new LinkedList<TrackedCall>();
        }

        _recent = new CallRecord?[options.RecentCalls];
        _ended = new StripedCounter[Outcomes];
        for (var i = 0; i < _ended.Length; i++)
        {
            _ended[i] = new StripedCounter();
        }

        _takenAt = time.GetTimestamp();
        _current = new InstrumentSnapshot(time.GetUtcNow(), 0, new long[Outcomes], 0);
        isOn.Changed += _ => SetTimer();
        SetTimer();
    }

    /// <summary>True while calls are recorded.</summary>
    public bool IsOn => _isOn.IsOn;

    /// <summary>The latest snapshot: at most a second old while calls are recorded.</summary>
    public InstrumentSnapshot Current => _current;

    /// <summary>Calls that run, oldest first.</summary>
    public IReadOnlyList<CallRecord> Active
    {
        get
        {
            List<CallRecord> calls = [];
            foreach (var stripe in _active)
            {
                lock (stripe)
                {
                    calls.AddRange(stripe.Select(call => Record(call, outcome: null)));
                }
            }

            return [.. calls.OrderBy(static call => call.Number)];
        }
    }

    /// <summary>Calls that have lately ended, latest first.</summary>
    public IReadOnlyList<CallRecord> Recent
    {
        get
        {
            lock (_recent)
            {
                return [.. Enumerable.Range(1, (int)Math.Min(_recentCount, _recent.Length)).Select(i => _recent[(_recentCount - i) % _recent.Length]!)];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_timerGate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    internal TrackedCall Begin(string method, string? name)
    {
        // By thread: calls that begin on different threads need not wait for each other.
        var stripe = Environment.CurrentManagedThreadId & (_active.Length - 1);
        var call = new TrackedCall(Interlocked.Increment(ref _begun), method, name, _time.GetTimestamp(), _time.GetUtcNow(), stripe);
        lock (_active[stripe])
        {
            call.Place = _active[stripe].AddLast(call);
        }

        return call;
    }

    internal void End(TrackedCall call, RequestOutcome outcome)
    {
        lock (_active[call.Stripe])
        {
            _active[call.Stripe].Remove(call.Place!);
        }

        _ended[(int)outcome].Increment();
        var record = Record(call, outcome);
        if (_recent.Length > 0)
        {
            lock (_recent)
            {
                _recent[_recentCount++ % _recent.Length] = record;
            }
        }

        if (record.Elapsed >= _options.SlowCall)
        {
            InstrumentLog.SlowCall(_logger, call.Method, call.Name, (long)record.Elapsed.TotalMilliseconds, outcome);
        }
    }

    private CallRecord Record(TrackedCall call, RequestOutcome? outcome) =>
        new(call.Number, call.Method, call.Name, call.Began, _time.GetElapsedTime(call.StartedAt), outcome);

    private void SetTimer()
    {
        lock (_timerGate)
        {
            // Made when it is first on: the first timer of a process takes a millisecond, and most servers never turn this on.
            if (_isDisposed || (_timer is null && !_isOn.IsOn))
            {
                return;
            }

            _timer ??= _time.CreateTimer(static instruments => ((CallInstruments)instruments!).Swap(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var interval = _isOn.IsOn ? SnapshotInterval : Timeout.InfiniteTimeSpan;
            _timer.Change(interval, interval);
        }
    }

    private void Swap()
    {
        var now = _time.GetTimestamp();
        var seconds = Math.Max(_time.GetElapsedTime(_takenAt, now).TotalSeconds, 0.001);
        long[] ended = [.. _ended.Select(static counter => counter.Value)];
        _current = new InstrumentSnapshot(_time.GetUtcNow(), Interlocked.Read(ref _begun), ended, (ended.Sum() - _current.Ended) / seconds);
        _takenAt = now;
    }
}
