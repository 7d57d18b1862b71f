using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Scheduling;

/// <summary>
/// Lets calls run within limits: overall, for each class and for each client. What finds no room waits in a bounded queue in which clients take turns; what finds no place there is refused at once,
/// with an estimate of when to try again. Thread-safe.
/// </summary>
public sealed partial class CallScheduler : IDisposable
{
    // How long a call may wait is kept to within this.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LeastRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MostRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly FairQueue _queue = new();
    private readonly Dictionary<object, ClientLine> _clients = [];
    private readonly int _maxPerClient;
    private readonly int _maxQueued;
    private readonly long _maxQueueTicks;
    private readonly ITimer _sweep;
    private readonly StripedCounter _admitted = new();
    private readonly StripedCounter _refused = new();
    private readonly long _ticksPerSecond;
    private bool _sweeping;
    private int _running;
    private double _meanTime;

    /// <summary>Makes a scheduler.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="adaptive">The switch of adaptive limits; null where they are always on. Off: the highest limit holds.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public CallScheduler(SchedulingOptions options, TimeProvider time, Switches.RuntimeSwitch? adaptive = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        Options = options;
        _time = time;
        _ticksPerSecond = time.TimestampFrequency;
        _maxPerClient = options.MaxConcurrentCallsPerClient ?? int.MaxValue;
        _maxQueued = options.MaxQueuedCalls ?? (options.MaxConcurrentCalls is { } limit ? QueueOf(limit) : 1024);
        _maxQueueTicks = ToTicks(options.MaxQueueTime);
        _sweep = time.CreateTimer(static scheduler => ((CallScheduler)scheduler!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _limit = options.MaxConcurrentCalls ?? int.MaxValue;
        BeginAdapting(adaptive);
    }

    /// <summary>The limits.</summary>
    public SchedulingOptions Options { get; }

    /// <summary>How many calls may run at once now; int.MaxValue for any number.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Calls that run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Calls that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Calls that were let run, ever.</summary>
    public long Admitted => _admitted.Value;

    /// <summary>Calls that were refused, ever.</summary>
    public long Refused => _refused.Value;

    /// <summary>Makes a class of calls. The scheduler does not keep it.</summary>
    /// <param name="name">Its name in messages and metrics; need not be unique.</param>
    /// <param name="tier">How long its calls take.</param>
    /// <param name="limit">How many of its calls may run at once, 1 or more; null for any number.</param>
    /// <param name="maxQueued">How many of its calls may wait, 0 or more; null for half as many as may run.</param>
    public static CallClass CreateClass(string name, CallTier tier = CallTier.Normal, int? limit = null, int? maxQueued = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfNegative(maxQueued ?? 0, nameof(maxQueued));
        return new CallClass(name, tier, limit, maxQueued);
    }

    /// <summary>True where <see cref="EnterAsync"/> and <see cref="TryEnter"/> need to know who calls.</summary>
    public bool LimitsClients => _maxPerClient < int.MaxValue;

    /// <summary>Takes a slot where one is free.</summary>
    /// <param name="callClass">What the call is counted under; of this scheduler.</param>
    /// <param name="client">Who calls: equal objects are one client; may be null unless <see cref="LimitsClients"/>.</param>
    /// <param name="admission">The slot.</param>
    /// <returns>False where none is: then <see cref="EnterAsync"/> waits for one, or refuses.</returns>
    public bool TryEnter(CallClass callClass, object? client, out CallAdmission admission)
    {
        ArgumentNullException.ThrowIfNull(callClass);
        lock (_gate)
        {
            return TryAdmit(callClass, client, out admission);
        }
    }

    /// <summary>Asks for a slot. Ends at once where there is room or the call is refused; else when it is its turn, or it has waited too long.</summary>
    /// <param name="callClass">What the call is counted under; of this scheduler.</param>
    /// <param name="client">Who calls: equal objects are one client.</param>
    /// <param name="cancellationToken">Takes a waiting call out of the queue: it is refused as cancelled. Does not throw.</param>
    public ValueTask<CallAdmission> EnterAsync(CallClass callClass, object client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callClass);
        ArgumentNullException.ThrowIfNull(client);
        WaitingCall waiting;
        WaitingCall? pushedOut;
        lock (_gate)
        {
            if (TryAdmit(callClass, client, out var admission))
            {
                return new ValueTask<CallAdmission>(admission);
            }

            var refusal = FindPlace(callClass, client, out pushedOut);
            if (refusal != RefusalReason.None)
            {
                return new ValueTask<CallAdmission>(Refuse(callClass, refusal));
            }

            waiting = new WaitingCall(callClass, client, _time.GetTimestamp() + _maxQueueTicks);
            _queue.Add(waiting, LineOf(client));
            BeginSweeping();
        }

        pushedOut?.Answer(Refuse(pushedOut.Class, RefusalReason.Client));
        return cancellationToken.CanBeCanceled
            ? WaitAsync(waiting, cancellationToken)
            : new ValueTask<CallAdmission>(waiting.Answered);
    }

    /// <summary>Gives a slot back, and lets the next call run.</summary>
    /// <param name="admission">What was admitted.</param>
    public void Leave(in CallAdmission admission)
    {
        var callClass = admission.Class;
        var ended = _time.GetTimestamp();
        var took = Math.Max(0, ended - admission.StartedAt);
        WaitingCall? next = null;
        CallAdmission answer = default;
        lock (_gate)
        {
            var wasFull = _running >= Limit;
            _running--;
            callClass.RunningNow--;
            callClass.NoteTime(took);
            _meanTime = _meanTime == 0 ? took : _meanTime + ((took - _meanTime) / 16);
            var clientWasFull = false;
            if (admission.Client is { } line)
            {
                clientWasFull = line.Running-- >= _maxPerClient;
                ForgetIfIdle(line);
            }

            NoteLatency(admission, took);
            if (_queue.Count > 0 && (wasFull || clientWasFull || callClass.WaitingNow > 0))
            {
                next = TakeNext(out answer);
            }
        }

        next?.Answer(answer);
        if (next is not null)
        {
            // Mostly one slot is one call; where a limit has grown meanwhile there is room for more.
            LetRun();
        }
    }

    /// <summary>Says that a call was answered as timed out while it still runs: it keeps its slot until <see cref="LeaveLate"/>, and is counted.</summary>
    /// <param name="admission">The call.</param>
    public static void NoteTimedOut(in CallAdmission admission) => admission.Class.NoteTimedOut();

    /// <summary>Gives back the slot of a call that was answered as timed out.</summary>
    /// <param name="admission">What was admitted.</param>
    public void LeaveLate(in CallAdmission admission)
    {
        admission.Class.NoteReturned();
        Leave(admission);
    }

    /// <summary>Ends the clock's timers. Calls under way may still leave.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        _load?.Dispose();
    }

    /// <summary>
    /// How many calls may wait where that is not said. Under a load that does not end the queue is full, and who comes last waits until so many have ended: with as many as may run that is the
    /// time of a whole call, and accepted calls take twice as long as alone. Half is the time of three quarters of a call at most, for those that run were let in one after the other.
    /// </summary>
    internal static int QueueOf(int limit) => (limit + 1) / 2;

    private bool TryAdmit(CallClass callClass, object? client, out CallAdmission admission)
    {
        admission = default;
        if (_running >= Limit || !callClass.HasRoom)
        {
            return false;
        }

        ClientLine? line = null;
        if (_maxPerClient < int.MaxValue)
        {
            line = LineOf(client ?? throw new ArgumentNullException(nameof(client)));
            if (line.Running >= _maxPerClient)
            {
                return false;
            }
        }

        admission = Admit(callClass, line);
        return true;
    }

    private CallAdmission Admit(CallClass callClass, ClientLine? line)
    {
        _running++;
        callClass.RunningNow++;
        if (line is not null && _maxPerClient < int.MaxValue)
        {
            line.Running++;
        }
        else
        {
            line = null;
        }

        callClass.NoteAdmitted();
        _admitted.Increment();
        return new CallAdmission(callClass, line, _time.GetTimestamp(), _running, _latency?.Window ?? 0);
    }

    // Where the queue is full, a call of a client that has less waiting takes the place of the last one of the client that has most.
    private RefusalReason FindPlace(CallClass callClass, object client, out WaitingCall? pushedOut)
    {
        pushedOut = null;
        var classFull = callClass.WaitingNow >= callClass.MaxQueued;
        if (!classFull && _queue.Count < _maxQueued)
        {
            return RefusalReason.None;
        }

        var among = classFull ? callClass : null;
        var (heaviest, most) = _queue.Heaviest(among);
        var own = OwnWaiting(client, among);
        if (heaviest is not null && most > own + 1 && FairQueue.Newest(heaviest, among) is { } newest)
        {
            pushedOut = newest;
            _queue.Remove(newest);
            ForgetIfIdle(heaviest);
            return RefusalReason.None;
        }

        return callClass.HasRoom && _running < Limit ? RefusalReason.Client : classFull ? RefusalReason.Class : RefusalReason.Overall;
    }

    private int OwnWaiting(object client, CallClass? callClass) =>
        !_clients.TryGetValue(client, out var line) ? 0
        : callClass is null ? line.Waiting
        : line.Calls[(int)callClass.Tier].Count(call => call.Class == callClass);

    private async ValueTask<CallAdmission> WaitAsync(WaitingCall waiting, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(state => GiveUp((WaitingCall)state!, RefusalReason.Cancelled), waiting).ConfigureAwait(false))
        {
            return await waiting.Answered.ConfigureAwait(false);
        }
    }

    private void GiveUp(WaitingCall waiting, RefusalReason why)
    {
        lock (_gate)
        {
            var line = waiting.Line;
            if (!_queue.Remove(waiting))
            {
                return;
            }

            ForgetIfIdle(line!);
        }

        waiting.Answer(Refuse(waiting.Class, why));
    }

    private CallAdmission Refuse(CallClass callClass, RefusalReason why)
    {
        if (why != RefusalReason.Cancelled)
        {
            callClass.NoteRefused();
            _refused.Increment();
        }

        return new CallAdmission(callClass, why, RetryAfter(callClass, why));
    }

    // When what runs and waits now has probably ended.
    private TimeSpan RetryAfter(CallClass callClass, RefusalReason why)
    {
        var isOfClass = why == RefusalReason.Class && callClass.Limit < int.MaxValue;
        var mean = callClass.MeanTime > 0 ? callClass.MeanTime : _meanTime;
        var ahead = isOfClass ? callClass.RunningNow + callClass.WaitingNow : Running + _queue.Count;
        var width = Math.Max(1, isOfClass ? callClass.Limit : Math.Min(Limit, Math.Max(1, Running)));
        var seconds = mean / _ticksPerSecond * ahead / width;
        return mean == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(Math.Clamp(seconds, LeastRetry.TotalSeconds, MostRetry.TotalSeconds));
    }

    private ClientLine LineOf(object client)
    {
        if (!_clients.TryGetValue(client, out var line))
        {
            line = new ClientLine(client);
            _clients.Add(client, line);
        }

        return line;
    }

    private void ForgetIfIdle(ClientLine line)
    {
        if (line is { Running: 0, Waiting: 0 })
        {
            _clients.Remove(line.Key);
        }
    }

    private WaitingCall? TakeNext(out CallAdmission answer)
    {
        answer = default;
        if (_running >= Limit || _queue.Take(_maxPerClient) is not { } next)
        {
            return null;
        }

        var line = LineOf(next.ClientKey);
        answer = Admit(next.Class, line);
        ForgetIfIdle(line);
        return next;
    }

    // Lets as many run as there is room for.
    private void LetRun()
    {
        while (true)
        {
            WaitingCall? next;
            CallAdmission answer = default;
            lock (_gate)
            {
                next = _queue.Count == 0 ? null : TakeNext(out answer);
            }

            if (next is null)
            {
                return;
            }

            next.Answer(answer);
        }
    }

    private long ToTicks(TimeSpan time) => (long)Math.Min(time.TotalSeconds * _ticksPerSecond, long.MaxValue / 4);
}
