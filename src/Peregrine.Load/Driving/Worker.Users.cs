using System.Text;
using Peregrine.Load.Driving.Calls;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;

namespace Peregrine.Load.Driving;

/// <summary>What users do, step by step.</summary>
internal sealed partial class Worker
{
    private const int ExampleLength = 300;
    private static readonly ArgumentState NoArguments = new(0, new Random(0), 0, 1);

    private Workload Workload => _run.Workload;

    private bool IsStateless => _run.Version.Era() == ProtocolEra.Stateless;

    // Over stdio the process is the session; in the stateless era there is none.
    private bool NeedsOpening => !IsStateless && (_run.IsHttp ? Workload.Session != SessionScope.Shared : Workload.Connection == ConnectionScope.Iteration);

    public void OnMessage(Channel channel, int status, ReadOnlySpan<byte> message, ReadOnlySpan<byte> sessionId)
    {
        var now = _run.Clock.Now;
        var isMessage = EnvelopeReader.TryRead(message, out var envelope);
        if (_run.IsHttp)
        {
            OnReply(channel.User!, status, message, isMessage, envelope, sessionId, now);
            return;
        }

        if (isMessage && envelope.Kind is MessageKind.Notification or MessageKind.Request)
        {
            return;
        }

        if (ReplyJudge.TryReadId(envelope.Id.Of(message), out var id) && id >= RequestTemplate.FirstId
            && _users[(id - RequestTemplate.FirstId) % _users.Length] is { Step: >= UserStep.Opening } user && user.Id == id)
        {
            OnReply(user, status, message, isMessage, envelope, sessionId, now);
        }
        else if (!_hasTimedOut)
        {
            _tally.Fail(-1, LoadError.Protocol, $"no reply to any call: {Excerpt(message)}", -1, now);
        }
    }

    public void OnBroken(Channel channel, LoadError error, string why)
    {
        var now = _run.Clock.Now;
        if (channel is Http.HttpChannel { IsListening: true })
        {
            _tally.Fail(-1, error, $"a subscriber: {why}", -1, now);
            return;
        }

        foreach (var user in _users.AsSpan(0, _made))
        {
            if (user!.Step >= UserStep.Opening && (user.Channel ?? _shared) == channel)
            {
                FailStep(user, error, why, now);
            }
            else if (user.Channel == channel)
            {
                Drop(user);
            }
        }
    }

    private static string Excerpt(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, ExampleLength)]);

    private void BeginIteration(User user, long due, long now)
    {
        user.Due = due;
        user.CallsMade = 0;
        user.CallsLeft = Workload.Order == StepOrder.Sequence
            ? _run.Plans.Length
            : Workload.MinCalls == Workload.MaxCalls ? Workload.MinCalls : _random.Next(Workload.MinCalls, Workload.MaxCalls + 1);
        Proceed(user, now);
    }

    private void Proceed(User user, long now)
    {
        if (!TryConnect(user, now))
        {
            return;
        }

        if (NeedsOpening && !user.IsOpened)
        {
            user.OpeningAt = now;
            Send(user, _initialize, UserStep.Opening, now);
        }
        else
        {
            SendCall(user, now);
        }
    }

    private void SendCall(User user, long now)
    {
        user.Plan = Workload.Order == StepOrder.Sequence ? user.CallsMade : Draw();

        // In a closed loop a call is due when its user can make it; where the connection is part of the measurement, when that was begun.
        if (!_run.IsOpen && (Workload.Connection == ConnectionScope.Kept || user.CallsMade > 0))
        {
            user.Due = now;
        }

        Send(user, _run.Plans[user.Plan].Request, UserStep.Calling, now);
    }

    private int Draw()
    {
        if (_weights.Length == 1)
        {
            return 0;
        }

        var at = Array.BinarySearch(_weights, _random.NextDouble() * _weights[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, _weights.Length - 1);
    }

    private void Send(User user, RequestTemplate template, UserStep step, long now)
    {
        var channel = user.Channel ?? _shared!;
        user.Id = RequestTemplate.FirstId + (user.Round * _users.Length) + user.Index;
        user.Round = user.Id > int.MaxValue - (2 * _users.Length) ? 0 : user.Round + 1;
        user.Step = step;
        user.SentAt = now;
        user.Expected.Clear();
        _request.Clear();
        var session = user.Session.Length > 0 ? user.Session : _run.SharedSession;
        template.Write(_request, _message, user.Id, step == UserStep.Opening ? [] : session, step == UserStep.Calling ? _states[user.Plan] : NoArguments, user.Expected);
        if (step == UserStep.Calling && _audience.Length > 0)
        {
            BeginHearing(user, now);
        }

        _inFlight++;
        _tally.Requests++;
        channel.Send(_request.WrittenSpan);
        if (channel != _shared)
        {
            channel.Flush();
        }
    }

    private void OnReply(User user, int status, ReadOnlySpan<byte> message, bool isMessage, in Envelope envelope, ReadOnlySpan<byte> sessionId, long now)
    {
        switch (user.Step)
        {
            case UserStep.Calling:
                OnCallReply(user, status, message, isMessage, envelope, now);
                break;
            case UserStep.Opening when status == 200 && isMessage && ReplyJudge.Judge(message, envelope, user.Id, default) == LoadError.None:
                _inFlight--;
                user.Session = sessionId.IsEmpty ? [] : MessageFormat.SessionHeader(sessionId);
                SendInitialized(user, now);
                break;
            case UserStep.Opened when status is >= 200 and < 300:
                _inFlight--;
                FinishOpening(user, now);
                break;
            case UserStep.Closing:
                _inFlight--;
                AfterSession(user, now, canGoOn: true);
                break;
            default:
                FailStep(user, LoadError.Opening, $"HTTP {status}: {Excerpt(message)}", now);
                break;
        }
    }

    private void SendInitialized(User user, long now)
    {
        var sentAt = user.SentAt;
        if (!TryConnect(user, now))
        {
            return;
        }

        Send(user, _initialized, UserStep.Opened, now);
        if (!_run.IsHttp && user.Step == UserStep.Opened)
        {
            // A stream does not answer it.
            user.SentAt = sentAt;
            _inFlight--;
            FinishOpening(user, now);
        }
    }

    private void FinishOpening(User user, long now)
    {
        user.IsOpened = true;
        _tally.Opening.Record(now - user.OpeningAt);
        if (TryConnect(user, now))
        {
            SendCall(user, now);
        }
    }

    private void OnCallReply(User user, int status, ReadOnlySpan<byte> message, bool isMessage, in Envelope envelope, long now)
    {
        var plan = _run.Plans[user.Plan];
        var error = status != 200 ? LoadError.Status
            : !isMessage ? LoadError.Protocol
            : ReplyJudge.Judge(message, envelope, user.Id, plan.Expected.Length > 0 ? plan.Expected : user.Expected.WrittenSpan);
        if (error == LoadError.None && _audience.Length > 0 && _heard < _audience.Length)
        {
            user.Step = UserStep.Hearing;
            return;
        }

        _inFlight--;
        if (error == LoadError.None)
        {
            _tally.Succeed(user.Plan, now - user.Due, now - user.SentAt, now);
        }
        else
        {
            _tally.Fail(user.Plan, error, $"{plan.Operation.Name}: {(status == 200 ? "" : $"HTTP {status} ")}{Excerpt(message)}", -1, now);
        }

        AfterCall(user, now, canGoOn: true);
    }

    private void AfterCall(User user, long now, bool canGoOn)
    {
        user.CallsMade++;
        user.CallsLeft--;
        var endsSession = Workload.Session == SessionScope.Call || (Workload.Session == SessionScope.Iteration && user.CallsLeft == 0);
        if (endsSession && canGoOn && user.Session.Length > 0 && _run.IsHttp)
        {
            if (TryOpen(user, out var error, out var why))
            {
                Send(user, _delete, UserStep.Closing, now);
                return;
            }

            _tally.Fail(-1, error, why, -1, now);
            canGoOn = false;
        }

        if (endsSession)
        {
            AfterSession(user, now, canGoOn);
        }
        else
        {
            Continue(user, now, canGoOn);
        }
    }

    // The call before has been counted, however its session ended.
    private void AfterSession(User user, long now, bool canGoOn)
    {
        Forget(user);
        Continue(user, now, canGoOn);
    }

    private void Continue(User user, long now, bool canGoOn)
    {
        if (user.CallsLeft > 0 && (_run.IsOpen || !IsOver(now)))
        {
            var thinks = (long)(Workload.ThinkTime.TotalSeconds * RunClock.Second);
            user.Due = now + thinks;
            if (thinks == 0 && canGoOn)
            {
                Proceed(user, now);
            }
            else
            {
                Sleep(user, now + Math.Max(thinks, canGoOn ? 0 : RecoveryTime));
            }

            return;
        }

        EndIteration(user, now, canGoOn);
    }

    private void EndIteration(User user, long now, bool canGoOn)
    {
        if (Workload.Connection == ConnectionScope.Iteration)
        {
            Drop(user);
        }

        user.CallsLeft = 0;
        if (_run.IsOpen || IsOver(now) || user.Number >= _activeUsers)
        {
            user.Step = UserStep.Idle;
            _free.Push(user);
            return;
        }

        var pause = Math.Max((long)(Workload.Pause.TotalSeconds * RunClock.Second), canGoOn ? 0 : RecoveryTime);
        if (pause > 0)
        {
            Sleep(user, now + pause);
        }
        else
        {
            BeginIteration(user, now, now);
        }
    }

    private void Sleep(User user, long until)
    {
        user.Step = UserStep.Waiting;
        _sleepers.Enqueue(user, until);
    }

    private void Wake(User user, long due, long now)
    {
        if (user.CallsLeft > 0)
        {
            Proceed(user, now);
        }
        else if (IsOver(now) || user.Number >= _activeUsers)
        {
            user.Step = UserStep.Idle;
            _free.Push(user);
        }
        else
        {
            BeginIteration(user, due, now);
        }
    }

    private void FailUnsent(User user, LoadError error, string why, long now)
    {
        _tally.Fail(-1, error, why, -1, now);
        AfterCall(user, now, canGoOn: false);
    }

    // The user awaits something that will not come.
    private void FailStep(User user, LoadError error, string why, long now)
    {
        _inFlight--;
        var isCall = user.Step is UserStep.Calling or UserStep.Hearing;
        if (user.Step == UserStep.Hearing && error == LoadError.Timeout)
        {
            why = $"only {_heard} of {_audience.Length} subscribers heard of the change in time";
        }

        var kind = isCall || error is LoadError.Connect or LoadError.Timeout ? error : LoadError.Opening;
        _tally.Fail(isCall ? user.Plan : -1, kind, why, isCall && error == LoadError.Timeout ? now - user.Due : -1, now);
        Drop(user);
        if (user.Step == UserStep.Closing)
        {
            AfterSession(user, now, canGoOn: false);
        }
        else
        {
            AfterCall(user, now, canGoOn: false);
        }
    }

    private static void Forget(User user)
    {
        user.Session = [];
        user.IsOpened = false;
    }
}
