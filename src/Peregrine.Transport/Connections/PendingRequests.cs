using System.Diagnostics.CodeAnalysis;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.Connections;

/// <summary>
/// The requests of one connection that wait for replies, by id. Ids are never used twice, so a late or doubled reply finds nothing. Removing an entry, under the lock,
/// decides who completes it. Thread-safe.
/// </summary>
internal sealed class PendingRequests(TimeProvider timeProvider, IWorkScheduler scheduler, Action<PendingRequest, Exception> onGivenUp)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingRequest> _byId = [];
    private readonly ObjectStack<PendingRequest> _pool = new(256);
    private Func<bool, McpTransportException>? _closedBecause;

    internal IWorkScheduler Scheduler { get; } = scheduler;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Enters a request.</summary>
    /// <exception cref="McpTransportException">The connection has ended.</exception>
    internal PendingRequest Add(long id, in OutgoingRequest request, CancellationToken cancellationToken)
    {
        var entry = _pool.TryPop() ?? new PendingRequest(this);
        var timeout = request.Options.Timeout;
        var now = timeout > TimeSpan.Zero ? timeProvider.GetTimestamp() : 0;
        var deadline = timeout > TimeSpan.Zero ? now + Ticks(timeout) : 0;
        entry.Load(id, request, deadline, request.Options.MovesWithProgress ? now + Ticks(request.Options.MaxTimeout) : 0, cancellationToken);
        lock (_gate)
        {
            if (_closedBecause is null)
            {
                _byId.Add(id, entry);
                return entry;
            }
        }

        throw _closedBecause(false);
    }

    /// <summary>Why no request is taken any more, for one that was not sent; null as long as some are.</summary>
    internal McpTransportException? ReasonToRefuse()
    {
        lock (_gate)
        {
            return _closedBecause?.Invoke(false);
        }
    }

    /// <summary>Takes a request out; the caller completes it.</summary>
    internal bool TryRemove(long id, [NotNullWhen(true)] out PendingRequest? entry)
    {
        lock (_gate)
        {
            return _byId.Remove(id, out entry);
        }
    }

    /// <summary>Takes note that a request makes progress.</summary>
    /// <param name="id">The request's id, which is its progress token too.</param>
    /// <param name="onProgress">Who wants to know; null for nobody.</param>
    /// <returns>False where no such request waits.</returns>
    internal bool NoteProgress(long id, out NotificationCallback? onProgress)
    {
        lock (_gate)
        {
            onProgress = null;
            if (!_byId.TryGetValue(id, out var entry))
            {
                return false;
            }

            if (entry.LastDeadline != 0)
            {
                entry.MoveDeadline(timeProvider.GetTimestamp() + Ticks(entry.Timeout));
            }

            onProgress = entry.OnProgress;
            return onProgress is not null || entry.LastDeadline != 0;
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    /// <summary>Called by an entry whose token fired.</summary>
    internal void Cancel(long id, PendingRequest expected)
    {
        CancellationToken token;
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var entry) || !ReferenceEquals(entry, expected) || !entry.CancellationToken.IsCancellationRequested)
            {
                return;
            }

            token = entry.CancellationToken;
            _byId.Remove(id);
        }

        onGivenUp(expected, new OperationCanceledException(token));
    }

    /// <summary>Called by an entry whose timer fired.</summary>
    internal void Expire(long id, PendingRequest expected)
    {
        TimeSpan timeout;
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var entry) || !ReferenceEquals(entry, expected) || entry.Deadline == 0)
            {
                return;
            }

            // Timers and timestamps are different clocks with different steps: a timer may be early by one.
            var left = timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), entry.Deadline);
            if (left > TimeSpan.Zero)
            {
                entry.Arm(timeProvider, left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                return;
            }

            timeout = entry.Timeout;
            _byId.Remove(id);
        }

        onGivenUp(expected, TimedOut(timeout, mayHaveRun: true));
    }

    internal static McpTransportException TimedOut(TimeSpan timeout, bool mayHaveRun) => new(
        TransportFault.TimedOut, $"No reply within {WaitedTime.Describe(timeout)}.", mayHaveRun);

    /// <summary>Fails all requests, and every later one. The first call decides the reason.</summary>
    /// <param name="because">Makes an exception for one request: each caller needs one of its own. Told whether the request may have run.</param>
    internal void Close(Func<bool, McpTransportException> because)
    {
        PendingRequest[] entries;
        lock (_gate)
        {
            _closedBecause ??= because;
            because = _closedBecause;
            entries = [.. _byId.Values];
            _byId.Clear();
        }

        foreach (var entry in entries)
        {
            entry.Fail(because(true));
        }
    }

    internal void Return(PendingRequest entry) => _pool.TryPush(entry);
}
