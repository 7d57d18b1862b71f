using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// One connection of an upstream, a process or HTTP, that is kept up: a loop connects, hands the session to its owner, waits for the end, and begins again after a pause. Thread-safe.
/// </summary>
internal sealed class UpstreamConnection : IAsyncDisposable
{
    // So many failures in a row mean that it will not be back within a call's patience.
    private const int FailuresUntilRefused = 3;

    private readonly ConnectedUpstream _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BackOff _backOff;
    private volatile UpstreamSession? _session;
    private ImmutableArray<string> _lastWords = [];
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource? _hurry;
    private int _failures;
    private int _inFlight;
    private int _probing;
    private long _lastUse;
    private ProtocolEra? _era;

    internal UpstreamConnection(ConnectedUpstream owner, TimeProvider time, ILogger logger)
    {
        _owner = owner;
        _time = time;
        _logger = logger;
        _backOff = new BackOff(owner.LongestPause);
        _lastUse = time.GetTimestamp();
    }

    /// <summary>The session of the moment; null where there is none.</summary>
    internal UpstreamSession? Session => _session;

    internal UpstreamState State { get; private set; }

    /// <summary>Calls in flight on it.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>For how long nothing has been in flight.</summary>
    internal TimeSpan IdleTime => InFlight > 0 ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>Ends when the first attempt to connect has succeeded or failed. Never fails.</summary>
    internal Task FirstAttempt => _firstAttempt.Task;

    internal int? ProcessId => _session?.Process?.ProcessId;

    internal ImmutableArray<string> StandardError => _session?.Process is { } process ? [.. process.LastErrorLines] : _lastWords;

    internal void Start() => _running = RunAsync(_stopping.Token);

    internal void Enter() => Interlocked.Increment(ref _inFlight);

    internal void Leave()
    {
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>Reports that a call found the session lost: nobody else takes it.</summary>
    internal void Break(UpstreamSession session, string reason)
    {
        session.Break(reason);
        Drop(session);
    }

    /// <summary>
    /// A call got no answer in its time. A process that does not answer a ping either, in as long a time again, stands still, and would take every further call with it: it is replaced.
    /// </summary>
    internal void Suspect(UpstreamSession session)
    {
        if (session.Process is not null && Interlocked.Exchange(ref _probing, 1) == 0)
        {
            _ = ProbeAsync(session);
        }
    }

    /// <summary>Begins it anew, once the calls in flight have ended or patience has; where it waits for its next attempt, at once. Ends when it was taken down.</summary>
    internal async Task RestartAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_session is not { } session)
        {
            Volatile.Read(ref _hurry)?.TrySetResult();
            return;
        }

        // From here on nobody takes it; who has it goes on.
        Drop(session);
        var started = _time.GetTimestamp();
        while (InFlight > 0 && _time.GetElapsedTime(started) < patience && !_stopping.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        session.Break("It was restarted by its operator.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    // Never fails. Any answer will do, also that there is no such method.
    private async Task ProbeAsync(UpstreamSession session)
    {
        try
        {
            using var reply = await session.Connection.SendRequestAsync("ping"u8, "{}"u8, new SendOptions { Timeout = _owner.CallTimeout }, session.Ending).ConfigureAwait(false);
        }
        catch (McpTransportException exception) when (exception.Fault == TransportFault.TimedOut)
        {
            Break(session, "It stands still: it answered neither calls nor a ping in their time.");
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException or ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var started = _time.GetTimestamp();
            var reason = await LiveAsync(started, stopping).ConfigureAwait(false);
            _firstAttempt.TrySetResult();
            if (stopping.IsCancellationRequested)
            {
                break;
            }

            _backOff.NoteLife(_time.GetElapsedTime(started));
            var pause = _backOff.Next();
            _owner.NoteLost(reason);
            UpstreamLog.Lost(_logger, _owner.Name, reason, (long)pause.TotalMilliseconds);
            SetState(_failures >= FailuresUntilRefused ? UpstreamState.Failing : UpstreamState.Restarting, session: null);
            var hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _hurry, hurry);
            await Task.WhenAny(Task.Delay(pause, _time, stopping), hurry.Task).ConfigureAwait(false);
            _owner.NoteRestart();
        }

        SetState(UpstreamState.Stopped, session: null);
    }

    // One life: connects, serves until the end, closes. Gives the reason of the end, and never fails.
    private async Task<string> LiveAsync(long started, CancellationToken stopping)
    {
        UpstreamSession? session = null;
        try
        {
            using (var patience = new CancellationTokenSource(_owner.StartTimeout, _time))
            using (var starting = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token))
            {
                session = await _owner.OpenAsync(_era, starting.Token).ConfigureAwait(false);
            }

            _failures = 0;
            _era = session.Era;
            SetState(UpstreamState.Ready, session);
            _firstAttempt.TrySetResult();
            UpstreamLog.Ready(_logger, _owner.Name, (long)_time.GetElapsedTime(started).TotalMilliseconds, _owner.Offer.Tools.Length, session.Connection.Version.ToText());
            await ServeAsync(session, stopping).ConfigureAwait(false);
            return await session.DescribeEndAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It may be another program now: the next attempt asks for its era again.
            _era = null;
            _failures++;
            return exception is OperationCanceledException ? $"It was not ready within {_owner.StartTimeout.TotalSeconds:0.###} s." : exception.Message;
        }
        finally
        {
            if (session is not null)
            {
                Drop(session);
                _lastWords = session.Process is { } process ? [.. process.LastErrorLines] : [];
                if (session.MayLinger && !stopping.IsCancellationRequested)
                {
                    _ = session.LingerAsync(_owner.CallTimeout, _time, stopping);
                }
                else
                {
                    await session.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task ServeAsync(UpstreamSession session, CancellationToken stopping)
    {
        using var serving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var refreshing = _owner.RefreshAsync(session, serving.Token);
        _owner.Welcome(session);
        await session.Ended.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Drop(session);
        await serving.CancelAsync().ConfigureAwait(false);
        await refreshing.ConfigureAwait(false);
    }

    private void Drop(UpstreamSession session)
    {
        if (Interlocked.CompareExchange(ref _session, null, session) == session)
        {
            State = UpstreamState.Restarting;
            _owner.NoteChange();
        }
    }

    private void SetState(UpstreamState state, UpstreamSession? session)
    {
        // From here on it can be idle; before it was starting.
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
        _session = session;
        State = state;
        _owner.NoteChange();
    }
}
