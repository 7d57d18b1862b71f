using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// One session over HTTP, from <c>initialize</c> to DELETE or expiry. Thread-safe. Lean while it idles: no timer, no token source, and nothing for streams until there is one.
/// </summary>
internal sealed partial class HttpSession : PeregrineSession
{
    private readonly Lock _gate = new();
    private readonly HttpSessions _sessions;
    private SessionCall? _calls;
    private int _callCount;
    private int _connections;
    private bool _ended;
    private long _lastUsed;
    private long _savedUsed;
    private McpLogLevel? _savedLevel;
    private byte[]? _savedState;

    internal HttpSession(HttpSessions sessions, string id, string? owner, ProtocolVersion version, McpClientCapabilities client, long opened, long lastUsed)
        : base(version, client)
    {
        _sessions = sessions;
        Id = id;
        Owner = owner;
        Opened = opened;
        _lastUsed = lastUsed;
        _savedUsed = lastUsed;
    }

    /// <inheritdoc/>
    public override string Id { get; }

    /// <inheritdoc/>
    internal override bool KeepsState => _sessions.Options.Store is not null;

    /// <summary>Who opened it, where callers are told apart: nobody else may use it.</summary>
    internal string? Owner { get; }

    /// <summary>The sessions of the same endpoint.</summary>
    internal HttpSessions Siblings => _sessions;

    /// <summary>When it was opened, in the clock of the sessions.</summary>
    internal long Opened { get; }

    internal long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Notes that a client has used the session.</summary>
    internal void Touch() => Volatile.Write(ref _lastUsed, _sessions.Now);

    /// <summary>Enters a call, so that it keeps the session from expiring and can be cancelled.</summary>
    internal EnterOutcome TryEnter(SessionCall call)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return EnterOutcome.Gone;
            }

            if (_callCount >= _sessions.Options.MaxCallsInFlight)
            {
                return EnterOutcome.Full;
            }

            _callCount++;
            call.NextInSession = _calls;
            call.PreviousInSession = null;
            if (_calls is { } next)
            {
                next.PreviousInSession = call;
            }

            _calls = call;
            return EnterOutcome.Entered;
        }
    }

    /// <summary>Removes a call that is answered.</summary>
    internal void Leave(SessionCall call)
    {
        lock (_gate)
        {
            if (call.PreviousInSession is { } previous)
            {
                previous.NextInSession = call.NextInSession;
            }
            else
            {
                _calls = call.NextInSession;
            }

            if (call.NextInSession is { } next)
            {
                next.PreviousInSession = call.PreviousInSession;
            }

            call.NextInSession = call.PreviousInSession = null;
            _callCount--;
        }

        Touch();
    }

    /// <summary>Cancels the call in flight with the raw <paramref name="id"/>; its reply will not be sent. Does nothing where there is none: it may have ended.</summary>
    internal void Cancel(ReadOnlySpan<byte> id)
    {
        CancelCall? work = null;
        lock (_gate)
        {
            for (var call = _calls; call is not null && work is null; call = call.NextInSession)
            {
                if (call.Envelope.Id.Of(call.Body.Span).SequenceEqual(id))
                {
                    call.MarkCancelled();
                    work = new CancelCall(call);
                }
            }
        }

        if (work is not null)
        {
            _sessions.Scheduler.Schedule(work);
        }
    }

    /// <summary>Ends the session where its time is over.</summary>
    /// <returns>True where it has ended, by this or another.</returns>
    internal bool TryExpire(long now)
    {
        lock (_gate)
        {
            var options = _sessions.Options;
            var isIdle = _callCount == 0 && _connections == 0 && now - LastUsed > options.IdleTime.TotalMilliseconds;
            var isOld = _callCount == 0 && now - Opened > options.MaxAge.TotalMilliseconds;
            return _ended || (_ended = isIdle || isOld);
        }
    }

    /// <summary>Ends the session: calls in flight are cancelled, streams closed, and who waits for the client is told.</summary>
    internal void End()
    {
        List<IThreadPoolWorkItem> work = [];
        lock (_gate)
        {
            _ended = true;
            for (var call = _calls; call is not null; call = call.NextInSession)
            {
                call.MarkCancelled();
                work.Add(new CancelCall(call));
            }

            ReleaseStreams();
        }

        foreach (var item in work)
        {
            _sessions.Scheduler.Schedule(item);
        }

        Close();
    }

    /// <summary>What a store should keep, where that has changed; null where it has not.</summary>
    /// <param name="anyway">True to take it in any case.</param>
    internal byte[]? TakeRecord(bool anyway)
    {
        lock (_gate)
        {
            var used = LastUsed;
            if (!anyway && _savedLevel == LogLevel && ReferenceEquals(_savedState, State) && used - _savedUsed <= _sessions.Options.IdleTime.TotalMilliseconds / 8)
            {
                return null;
            }

            (_savedLevel, _savedState, _savedUsed) = (LogLevel, State, used);
            return new SessionRecord(Version, LogLevel, _sessions.ToTime(Opened), _sessions.ToTime(used), Owner, Client.Json, State, ClientInfo?.Json ?? default).ToBytes();
        }
    }
}
