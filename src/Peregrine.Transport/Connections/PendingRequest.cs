using System.Threading.Tasks.Sources;
using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Connections;

/// <summary>
/// One request that waits for its reply. Pooled by its connection. Whoever removes it from <see cref="PendingRequests"/> completes it, and nobody else: so reply,
/// cancellation, timeout and loss cannot meet.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<McpReply>, IThreadPoolWorkItem
{
    private readonly PendingRequests _owner;
    private ManualResetValueTaskSourceCore<McpReply> _core;
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private McpReply _reply;
    private Exception? _exception;
    private long _id;

    internal PendingRequest(PendingRequests owner)
    {
        _owner = owner;
    }

    internal long Id
    {
        get => Volatile.Read(ref _id);
        private set => Volatile.Write(ref _id, value);
    }

    /// <summary>When it times out, as a timestamp of the clock; 0 for never.</summary>
    internal long Deadline { get; private set; }

    /// <summary>Beyond what progress does not move <see cref="Deadline"/>; 0 where it does not move at all.</summary>
    internal long LastDeadline { get; private set; }

    internal TimeSpan Timeout { get; private set; }

    internal CancellationToken CancellationToken { get; private set; }

    internal NotificationCallback? OnProgress { get; private set; }

    /// <summary>True where the peer is not to be told when the request is given up: the specification forbids to cancel <c>initialize</c>.</summary>
    internal bool IsInitialize { get; private set; }

    internal ValueTask<McpReply> Task => new(this, _core.Version);

    internal void Load(long id, in OutgoingRequest request, long deadline, long lastDeadline, CancellationToken cancellationToken)
    {
        Id = id;
        Deadline = deadline;
        LastDeadline = lastDeadline;
        Timeout = request.Options.Timeout;
        CancellationToken = cancellationToken;
        OnProgress = request.Options.OnProgress;
        IsInitialize = request.Method.SequenceEqual("initialize"u8);
    }

    /// <summary>Watches token and clock. Call before the task is handed out: only then the entry cannot have gone back to the pool.</summary>
    internal void Watch(TimeProvider timeProvider)
    {
        if (CancellationToken.CanBeCanceled)
        {
            _registration = CancellationToken.UnsafeRegister(static state => ((PendingRequest)state!).OnCancelled(), this);
        }

        if (Timeout > TimeSpan.Zero)
        {
            Arm(timeProvider, Timeout);
        }
    }

    internal void Arm(TimeProvider timeProvider, TimeSpan due)
    {
        if (_timer is not null)
        {
            _timer.Change(due, System.Threading.Timeout.InfiniteTimeSpan);
            return;
        }

        // Without this the timer would keep the first caller's async-locals alive as long as the connection.
        var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        using (flow)
        {
            _timer = timeProvider.CreateTimer(
                static state => ((PendingRequest)state!).OnTimer(), this, due, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Moves the deadline; the timer, which is early then, is armed again when it fires. Called under the owner's lock.</summary>
    internal void MoveDeadline(long deadline) => Deadline = Math.Max(Deadline, Math.Min(deadline, LastDeadline));

    /// <summary>Completes with a reply. The continuation runs as work of its own, never on the reader.</summary>
    internal void Complete(McpReply reply)
    {
        _reply = reply;
        KeptWork.Schedule(this, _owner.Scheduler);
    }

    /// <summary>Completes with an exception.</summary>
    internal void Fail(Exception exception)
    {
        _exception = exception;
        _owner.Scheduler.Schedule(this);
    }

    /// <inheritdoc/>
    public void Execute()
    {
        // Last thing this method does: the continuation may give the entry back to the pool.
        if (_exception is { } exception)
        {
            _core.SetException(exception);
        }
        else
        {
            _core.SetResult(_reply);
        }
    }

    McpReply IValueTaskSource<McpReply>.GetResult(short token)
    {
        var mine = token == _core.Version;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (mine)
            {
                Recycle();
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<McpReply>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<McpReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    // Late callbacks of a token or a timer may meet the entry in its next life; the owner looks whether they are meant.
    private void OnCancelled() => _owner.Cancel(Id, this);

    private void OnTimer() => _owner.Expire(Id, this);

    internal void Recycle()
    {
        _registration.Unregister();
        _registration = default;
        if (Timeout > TimeSpan.Zero)
        {
            _timer?.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        }

        Id = 0;
        Deadline = 0;
        LastDeadline = 0;
        Timeout = TimeSpan.Zero;
        CancellationToken = default;
        OnProgress = null;
        _reply = default;
        _exception = null;
        _core.Reset();
        _owner.Return(this);
    }
}
