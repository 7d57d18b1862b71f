using Microsoft.Extensions.Logging;
using Peregrine.Execution.Caching;

namespace Peregrine.Execution.Memory;

/// <summary>
/// Keeps the memory of messages on their way within limits: for each reply or stream, for each connection and for the process. Near the process' limit caches are shrunk and new demands refused; at it
/// the largest stream is ended. A stream whose reader takes nothing for long is ended as well; one that is read, below its cap, never for that. Thread-safe.
/// </summary>
public sealed class MemoryGovernor : IDisposable
{
    private static readonly TimeSpan LongestSweep = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<StreamLease> _streams = [];
    private readonly Dictionary<object, ConnectionLease> _connections = [];
    private readonly MemoryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResultCache? _cache;
    private readonly ITimer _sweep;
    private readonly TimeSpan _sweepInterval;
    private readonly long _soft;
    private readonly long _warn;
    private bool _sweeping;
    private bool _warned;
    private bool _isShrunk;
    private long _bytes;
    private long _peak;
    private long _refused;
    private long _endedLargest;
    private long _endedAbandoned;

    /// <summary>Makes a governor.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="logger">Where warnings go.</param>
    /// <param name="cache">What is shrunk first; null for nothing.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public MemoryGovernor(MemoryOptions options, TimeProvider time, ILogger logger, ResultCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _options = options;
        _time = time;
        _logger = logger;
        _cache = cache;
        _soft = options.MaxProcessBytes / 100 * options.SoftPercent;
        _warn = options.MaxProcessBytes / 100 * options.WarnPercent;
        _sweepInterval = options.AbandonAfter / 4 < LongestSweep ? options.AbandonAfter / 4 : LongestSweep;
        _sweep = time.CreateTimer(static governor => ((MemoryGovernor)governor!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The limits.</summary>
    public MemoryOptions Options => _options;

    /// <summary>What it counts.</summary>
    public MemoryStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new MemoryStatistics(_bytes, _peak, _streams.Count, _refused, _endedLargest, _endedAbandoned);
            }
        }
    }

    internal long Now => _time.GetTimestamp();

    /// <summary>Begins to count a reply or stream.</summary>
    /// <param name="connection">What it is sent on: equal objects are one connection.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="end">Ends it; called at most once, on any thread, must be quick and must not throw.</param>
    public StreamLease Open(object connection, string name, Action<StreamEnd> end)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(end);
        lock (_gate)
        {
            if (!_connections.TryGetValue(connection, out var line))
            {
                line = new ConnectionLease(connection);
                _connections.Add(connection, line);
            }

            line.Streams++;
            var lease = new StreamLease(this, line, name, end);
            _streams.Add(lease);
            if (!_sweeping)
            {
                _sweeping = true;
                _sweep.Change(_sweepInterval, _sweepInterval);
            }

            return lease;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sweep.Dispose();

    internal long Take(StreamLease lease, long wanted, long least)
    {
        var bytes = wanted;
        StreamLease? largest = null;
        string? refusal;
        var (warn, shrink, isRetryable) = (false, false, false);
        lock (_gate)
        {
            bytes = Math.Max(least, Math.Min(wanted, _options.MaxStreamBytes - lease.Bytes));
            refusal = RefusalOf(lease, bytes, out isRetryable);
            if (refusal is null)
            {
                lease.Add(bytes);
                lease.Connection.Bytes += bytes;
                _bytes += bytes;
                _peak = Math.Max(_peak, _bytes);
            }
            else
            {
                _refused++;
                largest = isRetryable && _bytes + bytes > _options.MaxProcessBytes ? Largest(lease) : null;
            }

            shrink = _bytes >= _soft && !_isShrunk;
            _isShrunk |= shrink;
            warn = _bytes >= _warn && !_warned;
            _warned |= warn;
        }

        if (shrink)
        {
            _cache?.Shrink(_cache.Options.MaxBytes / 4);
        }

        if (warn)
        {
            MemoryLog.NearLimit(_logger, _bytes, _options.MaxProcessBytes);
        }

        if (largest is not null)
        {
            End(largest, StreamEnd.Largest);
        }

        if (refusal is not null)
        {
            throw new ResourceExhaustedException(refusal, isRetryable);
        }

        return bytes;
    }

    internal void Return(StreamLease lease, long bytes)
    {
        lock (_gate)
        {
            lease.Add(-bytes);
            ReturnLocked(lease, bytes);
        }
    }

    internal void Close(StreamLease lease)
    {
        lock (_gate)
        {
            ReturnLocked(lease, lease.TakeAll());
            _streams.Remove(lease);
            if (--lease.Connection.Streams == 0)
            {
                _connections.Remove(lease.Connection.Key);
            }
        }
    }

    private void ReturnLocked(StreamLease lease, long bytes)
    {
        lease.Connection.Bytes -= bytes;
        _bytes -= bytes;

        // Some way below, so that it does not go to and fro.
        if (_bytes < _soft / 2)
        {
            _warned = false;
            if (_isShrunk)
            {
                _isShrunk = false;
                _cache?.Restore();
            }
        }
    }

    private string? RefusalOf(StreamLease lease, long bytes, out bool isRetryable)
    {
        isRetryable = false;
        if (lease.EndedBy != StreamEnd.None)
        {
            return $"resource_exhausted: {lease.Name} was ended for the memory that it took";
        }

        if (lease.Bytes + bytes > _options.MaxStreamBytes)
        {
            return $"resource_exhausted: {lease.Name} is longer than the {_options.MaxStreamBytes} bytes that a reply may have waiting; ask for less at once";
        }

        isRetryable = true;
        if (lease.Connection.Bytes + bytes > _options.MaxConnectionBytes)
        {
            return $"resource_exhausted: replies of {_options.MaxConnectionBytes} bytes wait on this connection; read them first";
        }

        // Near the limit those may go on that have begun, with as much again as they have.
        return _bytes + bytes > _options.MaxProcessBytes || (_bytes + bytes > _soft && bytes > 2 * lease.Bytes)
            ? "resource_exhausted: the server has as many bytes waiting for readers as it may have; try again later"
            : null;
    }

    private StreamLease? Largest(StreamLease asking)
    {
        var largest = asking;
        foreach (var stream in _streams)
        {
            if (stream.Bytes > largest.Bytes && stream.EndedBy == StreamEnd.None)
            {
                largest = stream;
            }
        }

        return largest == asking ? null : largest;
    }

    private void End(StreamLease lease, StreamEnd why)
    {
        var bytes = lease.Bytes;
        if (lease.TryEnd(why))
        {
            Interlocked.Increment(ref why == StreamEnd.Largest ? ref _endedLargest : ref _endedAbandoned);
            MemoryLog.StreamEnded(_logger, lease.Name, bytes, why);
        }
    }

    private void Sweep()
    {
        List<StreamLease> abandoned = [];
        lock (_gate)
        {
            if (_streams.Count == 0)
            {
                _sweeping = false;
                _sweep.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var now = Now;
            abandoned.AddRange(_streams.Where(stream => stream.WaitingSince is > 0 and var since && _time.GetElapsedTime(since, now) >= _options.AbandonAfter));
        }

        abandoned.ForEach(stream => End(stream, StreamEnd.Abandoned));
    }
}
