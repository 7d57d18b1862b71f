using System.Threading.Tasks.Sources;
using Peregrine.Execution.Scheduling;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Scheduling;

/// <summary>One call that has a deadline. Ends for its caller with the tool or with the deadline, whichever comes first; the slot is given back when the tool has returned.</summary>
internal sealed class DeadlineRun : IThreadPoolWorkItem, IValueTaskSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly DeadlineRuns _owner;
    private readonly CallDeadline _deadline;
    private ManualResetValueTaskSourceCore<bool> _answered;
    private CancellationTokenRegistration _cancelled;
    private McpHandler? _handler;
    private McpExchange? _caller;
    private DetachedExchange? _exchange;
    private CallAdmission _admission;
    private UnfinishedRun? _unfinished;
    private RunState _state;
    private long _startedAt;
    private bool _isRegistered;
    private bool _mayReuse;

    internal DeadlineRun(DeadlineRuns owner)
    {
        _owner = owner;
        _deadline = new CallDeadline(owner.Time.Clock, OnDeadline);
    }

    internal ValueTask Begin(McpHandler handler, McpExchange caller, in CallAdmission admission)
    {
        _answered.Reset();
        _handler = handler;
        _caller = caller;
        _admission = admission;
        _exchange = DetachedExchange.Of(caller, canStream: true);
        _exchange.Progressed = _deadline.Extend;
        _state = RunState.Running;
        _startedAt = _owner.Time.Clock.GetTimestamp();

        // The version of the answer is read first: from here on the run may end, and begin another call.
        var answer = new ValueTask(this, _answered.Version);
        var token = caller.CancellationToken;
        _isRegistered = token.CanBeCanceled;
        _cancelled = token.UnsafeRegister(static exchange => ((DetachedExchange)exchange!).Cancel(), _exchange);
        _deadline.Arm(_owner.Time.Timeout!.Value, _owner.Time.Cap);
        return answer;
    }

    /// <summary>Runs the tool.</summary>
    public void Execute()
    {
        var exchange = _exchange!;
        if (IsTimedOut)
        {
            CallRefusals.TimedOut(exchange, _handler!, _owner.Time.Timeout!.Value);
            EndLate();
            return;
        }

        var running = _owner.Target.RunAsync(_handler!, exchange);
        if (running.IsCompletedSuccessfully)
        {
            running.GetAwaiter().GetResult();
            End();
        }
        else
        {
            _ = AwaitAsync(running);
        }
    }

    public void Dispose() => _deadline.Dispose();

    void IValueTaskSource.GetResult(short token)
    {
        _answered.GetResult(token);
        if (_mayReuse)
        {
            _mayReuse = false;
            _owner.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _answered.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answered.OnCompleted(continuation, state, token, flags);

    private async Task AwaitAsync(ValueTask running)
    {
        // The target turns every failure into a reply, so this does not throw.
        await running.ConfigureAwait(false);
        End();
    }

    private bool IsTimedOut
    {
        get
        {
            lock (_gate)
            {
                return _state == RunState.TimedOut;
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (_state == RunState.Running)
            {
                _state = RunState.Answered;
            }
        }

        if (_state == RunState.Answered)
        {
            Answer();
        }
        else
        {
            EndLate();
        }
    }

    private void Answer()
    {
        // A run whose deadline or cancellation is in somebody's hands at this moment is not used again: it would hit the next call.
        _mayReuse = _deadline.Disarm() & (!_isRegistered || _cancelled.Unregister());
        var (exchange, caller) = (_exchange!, _caller!);
        exchange.TryCloseNotifications();

        // What is made while it is sent goes on with the token of this exchange.
        var isStreamed = exchange.StreamedResult is not null;
        caller.TakeReply(exchange);
        _exchange = null;
        _caller = null;
        if (isStreamed)
        {
            caller.KeepUntilSent(exchange);
        }
        else if (_mayReuse)
        {
            exchange.Return();
        }
        else
        {
            exchange.ReturnMemory();
        }

        _owner.Limits.Leave(_admission);
        _answered.RunContinuationsAsynchronously = false;
        _answered.SetResult(true);
    }

    private void EndLate()
    {
        _owner.Limits.LeaveLate(_admission);
        _deadline.Dispose();
        _unfinished!.End(_exchange!);
    }

    private void OnDeadline()
    {
        lock (_gate)
        {
            if (_state != RunState.Running)
            {
                return;
            }

            _state = RunState.TimedOut;
            _unfinished = new UnfinishedRun();
            CallScheduler.NoteTimedOut(_admission);
        }

        var (exchange, caller) = (_exchange!, _caller!);
        _cancelled.Unregister();
        exchange.TryCloseNotifications();
        CallRefusals.TimedOut(caller, _handler!, _owner.Time.Clock.GetElapsedTime(_startedAt));
        caller.Unfinished = _unfinished;
        _caller = null;
        _answered.RunContinuationsAsynchronously = true;
        _answered.SetResult(true);
        exchange.Cancel();
    }

    private enum RunState : byte
    {
        Running,
        Answered,
        TimedOut,
    }
}
