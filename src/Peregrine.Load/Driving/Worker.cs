using Peregrine.Load.Driving.Audiences;
using Peregrine.Load.Driving.Calls;
using Peregrine.Load.Driving.Counting;
using Peregrine.Load.Driving.Plans;
using Peregrine.Load.Driving.Polling;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Driving;

/// <summary>
/// A thread that makes load: begins what is due, waits for replies, checks and counts them. Everything it needs is its own, so that there are no locks; nothing is allocated
/// per call.
/// </summary>
internal sealed partial class Worker : IChannelOwner, IAsyncDisposable
{
    // The kernel wakes a thread too late, on a virtual machine much later now and then; the rest of a wait is spent looking. How long that rest is, each worker learns from its own
    // wake-ups: it settles where one of five hundred comes later still.
    private const long LeastSpin = 60_000;
    private const long MostSpin = RunClock.Millisecond;
    private const long SpinStep = 20_000;
    private const long TickTime = 10 * RunClock.Millisecond;
    private const long RecoveryTime = 10 * RunClock.Millisecond;

    private readonly RunContext _run;
    private readonly int _number;
    private readonly PollSet _polls = PollSet.Create();
    private readonly PollEvent[] _events = new PollEvent[256];
    private readonly Channel?[] _channels;
    private readonly User?[] _users;
    private readonly Stack<User> _free = new();
    private readonly PriorityQueue<User, long> _sleepers = new();
    private readonly ArgumentState[] _states;
    private readonly double[] _weights;
    private readonly Random _random;
    private readonly PooledByteWriter _request = new(4096);
    private readonly PooledByteWriter _message = new(4096);
    private readonly List<Task> _ending = [];
    private readonly Channel? _shared;
    private readonly AudienceMember[] _audience = [];
    private readonly RequestTemplate _initialize;
    private readonly RequestTemplate _initialized;
    private readonly RequestTemplate _delete;
    private RunPlan _plan = null!;
    private Tally _tally = null!;
    private int _made;
    private int _inFlight;
    private int _activeUsers;
    private long _next;
    private int _piece;
    private long _nextDue;
    private long _nextTick;
    private long _starvedAt;
    private long _spin = LeastSpin;
    private bool _hasTimedOut;

    /// <summary>Makes a worker.</summary>
    /// <param name="run">What all share; the conversation is open.</param>
    /// <param name="number">Which of the workers, from 0.</param>
    /// <param name="opened">What the conversation was opened with, where that is a process; this worker takes it over.</param>
    internal Worker(RunContext run, int number, Opener? opened)
    {
        _run = run;
        _number = number;
        var users = (MostUsers(run) + run.Options.Workers - 1) / run.Options.Workers;
        _users = new User?[users];
        _channels = new Channel?[((users + 1) * 2) + (number == 0 ? run.Workload.Audience?.Count ?? 0 : 0)];
        _random = new Random(HashCode.Combine(run.Workload.Seed, number));
        _states = [.. run.Plans.Select(plan => new ArgumentState(plan.Arguments?.PieceCount ?? 0, _random, number, run.Options.Workers))];
        _weights = Cumulate(run.Plans);
        _initialize = run.Format.Initialize();
        _initialized = run.Format.Initialized();
        _delete = run.Format.Delete();
        if (!run.IsHttp && run.Workload.Connection == ConnectionScope.Kept && opened is not null)
        {
            _shared = opened.HandOver(this, _polls, users * 2);
            _channels[users * 2] = _channels[(users * 2) + 1] = _shared;
        }

        if (run.Workload.Audience is not null && opened is not null)
        {
            _audience = opened.HandOverAudience(this, _polls, (users + 1) * 2);
            for (var i = 0; i < _audience.Length; i++)
            {
                _channels[((users + 1) * 2) + i] = _audience[i].Channel;
            }
        }
    }

    /// <summary>The process that is measured; 0 where there is none, or one for each iteration.</summary>
    internal int ProcessId => _shared is Stdio.StdioChannel channel && OperatingSystem.IsLinux() ? channel.Process.Id : 0;

    /// <summary>The most users that a run may have.</summary>
    internal static int MostUsers(RunContext run) => run.IsOpen ? run.Options.MaxInFlight : run.Workload.Stages.Max(static stage => stage.Concurrency!.Value);

    /// <summary>Makes the load of one part of a run; returns when all its calls have ended or timed out.</summary>
    internal void Run(RunPlan plan, Tally tally)
    {
        _plan = plan;
        _tally = tally;
        _piece = 0;
        _next = _number;
        _nextTick = 0;
        _nextDue = plan.Arrivals is { } arrivals && _next < arrivals.Count ? plan.Start + arrivals.DueOf(_next, ref _piece) : long.MaxValue;
        _free.Clear();
        _sleepers.Clear();
        foreach (var user in _users.Reverse().OfType<User>())
        {
            user.Step = UserStep.Idle;
            _free.Push(user);
        }

        _starvedAt = 0;
        var (bytesIn, bytesOut) = Bytes();
        while (true)
        {
            var now = _run.Clock.Now;
            if (now >= _nextTick)
            {
                Tick(now);
            }

            Begin(now);
            _shared?.Flush();
            if (IsDone(now))
            {
                break;
            }

            Wait(now);
        }

        var (bytesInNow, bytesOutNow) = Bytes();
        _tally.BytesIn += bytesInNow - bytesIn;
        _tally.BytesOut += bytesOutNow - bytesOut;
        _tally.End();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users.OfType<User>())
        {
            Drop(user);
            user.Dispose();
        }

        if (_shared is not null)
        {
            End(_shared);
        }

        foreach (var member in _audience)
        {
            member.Channel.Dispose();
        }

        await Task.WhenAll(_ending).ConfigureAwait(false);
        _polls.Dispose();
        _request.Dispose();
        _message.Dispose();
    }

    private static double[] Cumulate(CallPlan[] plans)
    {
        var sum = 0.0;
        return [.. plans.Select(plan => sum += plan.Operation.Weight)];
    }

    private bool IsOver(long now) => _plan.IsStopped || now >= _plan.End;

    private bool IsDone(long now)
    {
        if (!IsOver(now))
        {
            return false;
        }

        if (_plan.Arrivals is null || _plan.IsStopped)
        {
            return _inFlight == 0;
        }

        if (_inFlight == 0 && _nextDue == long.MaxValue && _sleepers.Count == 0)
        {
            return true;
        }

        if (now < _plan.End + (long)(_run.Options.CallTimeout.TotalSeconds * RunClock.Second))
        {
            return false;
        }

        // What was due and could not be sent must not vanish: it would be the slowest of all.
        while (_nextDue != long.MaxValue)
        {
            _tally.Fail(-1, LoadError.NotSent, "no connection became free", -1, now);
            Advance();
        }

        return _inFlight == 0;
    }

    private void Advance()
    {
        _next += _run.Options.Workers;
        _nextDue = _next < _plan.Arrivals!.Count ? _plan.Start + _plan.Arrivals.DueOf(_next, ref _piece) : long.MaxValue;
    }

    private void Begin(long now)
    {
        while (_sleepers.TryPeek(out var sleeper, out var wake) && wake <= now)
        {
            _sleepers.Dequeue();
            Wake(sleeper, wake, now);
        }

        if (_plan.Arrivals is null)
        {
            return;
        }

        while (_nextDue <= now && !_plan.IsStopped && TakeFree() is { } user)
        {
            // Late although somebody was free all the time: that is the generator's fault.
            if (_nextDue > _starvedAt)
            {
                _tally.Lag.Record(now - _nextDue);
            }

            BeginIteration(user, _nextDue, now);
            Advance();
            now = _run.Clock.Now;
        }
    }

    private User? TakeFree()
    {
        if (_free.TryPop(out var user))
        {
            return user;
        }

        if (_made < _users.Length)
        {
            return MakeUser();
        }

        _starvedAt = _run.Clock.Now;
        return null;
    }

    private User MakeUser()
    {
        var user = new User(_made, _number + (_made * _run.Options.Workers));
        _users[_made++] = user;
        return user;
    }

    private void Wait(long now)
    {
        var count = _polls.Wait(0, _events);
        if (count == 0)
        {
            var due = _plan.Arrivals is not null && (_free.Count > 0 || _made < _users.Length) ? _nextDue - _spin : long.MaxValue;
            if (_sleepers.TryPeek(out _, out var wake))
            {
                due = Math.Min(due, wake - _spin);
            }

            var before = _run.Clock.Now;
            var length = Math.Min(due, _nextTick) - before;
            if (length > 0)
            {
                count = _polls.Wait(length, _events);
                now = before;
            }

            var after = _run.Clock.Now;
            _tally.Idle += after - now;
            if (length > 0 && count == 0)
            {
                LearnSpin(after - before - length);
            }
        }

        for (var i = 0; i < count; i++)
        {
            _channels[_events[i].Token]?.OnReady(_events[i]);
        }
    }

    private void LearnSpin(long late) =>
        _spin = late > _spin ? Math.Min(MostSpin, _spin + SpinStep) : Math.Max(LeastSpin, _spin - (SpinStep / 500));

    // What need not be done at once: users that come and go, calls that take too long.
    private void Tick(long now)
    {
        _nextTick = now + TickTime;
        _tally.Roll(now);
        if (_plan.Users is { } curve)
        {
            _activeUsers = IsOver(now) ? 0 : curve.At(now - _plan.Start);
            while (_made < _users.Length && _number + (_made * _run.Options.Workers) < _activeUsers)
            {
                _free.Push(MakeUser());
            }

            BeginIdle(now);
        }

        var limit = now - (long)(_run.Options.CallTimeout.TotalSeconds * RunClock.Second);
        if (_inFlight > 0 && limit > 0)
        {
            foreach (var user in _users.AsSpan(0, _made))
            {
                if (user!.Step >= UserStep.Opening && user.SentAt < limit)
                {
                    _hasTimedOut = true;
                    FailStep(user, LoadError.Timeout, "no reply in time", now);
                }
            }
        }
    }

    private void BeginIdle(long now)
    {
        var idle = _free.Count;
        while (idle-- > 0 && _free.TryPeek(out var user) && user.Number < _activeUsers)
        {
            _free.Pop();
            BeginIteration(user, now, now);
        }
    }
}
