using Peregrine.Client.Pipeline;
using Peregrine.Client.Pool;
using Peregrine.Execution.Resilience;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>One call and its attempts. Lives as long as the call, with all its rounds; attempts may overlap where it is hedged.</summary>
internal sealed class CallRecord : IAttempt<McpReply>
{
    private readonly RequestPipeline _next;
    private readonly ClientRequest _request;
    private int _attempts;
    private int _attemptsOfRound;
    private int _settled;
    private bool _mayHaveRun;

    internal CallRecord(RequestPipeline next, ClientRequest request)
    {
        _next = next;
        _request = request;
    }

    /// <summary>The key and what belongs to it; null where the call has none.</summary>
    internal Transaction? Transaction { get; set; }

    /// <summary>How much time the request has where an attempt has less, zero for no bound: only then one whose time is over is followed by another. Null otherwise.</summary>
    internal TimeSpan? WholeTimeout { get; set; }

    /// <summary>Where it was sent so far, in a pool; null otherwise.</summary>
    internal PoolRoute? Route { get; set; }

    /// <summary>How many attempts came before the one that is being sent.</summary>
    internal int Retries => Volatile.Read(ref _attemptsOfRound) - 1;

    /// <summary>True where an attempt may have run whose answer did not come.</summary>
    internal bool MayHaveRun => Volatile.Read(ref _mayHaveRun);

    /// <summary>True where an attempt may have run, or is under way.</summary>
    internal bool MayRun => MayHaveRun || Volatile.Read(ref _settled) < Volatile.Read(ref _attempts);

    /// <summary>What is known so far, where no answer has come.</summary>
    internal CallOutcome Outcome => new()
    {
        Attempts = Volatile.Read(ref _attempts),
        IdempotencyKey = Transaction is { IsProtected: true } ? Transaction.Key : null,
    };

    /// <summary>True where it may run twice: it changes nothing, or nothing more, or the ledger of its server sees to it that it runs once.</summary>
    internal bool MayRunTwice => _request.Safety != RequestSafety.Unknown || Transaction is { IsProtected: true };

    /// <summary>Begins the first round, or a further one.</summary>
    internal void BeginRound()
    {
        _attemptsOfRound = 0;
        _settled = _attempts;
        _mayHaveRun = false;
        Route = null;
    }

    /// <inheritdoc/>
    public ValueTask<McpReply> RunAsync(int number, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        Interlocked.Increment(ref _attemptsOfRound);
        return _next.SendAsync(_request, cancellationToken);
    }

    /// <inheritdoc/>
    public AttemptVerdict Judge(in McpReply result)
    {
        if (!result.IsError)
        {
            return AttemptVerdict.Final;
        }

        Settle();
        var failure = FailureClassifier.Of(result, out var after);
        return Judge(failure, after);
    }

    /// <inheritdoc/>
    public AttemptVerdict Judge(Exception exception)
    {
        Settle();
        if (exception is McpTransportException { MayHaveRun: true })
        {
            Volatile.Write(ref _mayHaveRun, true);
        }

        var verdict = Judge(FailureClassifier.Of(exception, out var after), after);
        return exception is McpTransportException { Fault: TransportFault.TimedOut } && WholeTimeout is null ? verdict with { Retry = false } : verdict;
    }

    // What is judged has ended, and what it ended with is known.
    private void Settle() => Volatile.Write(ref _settled, Volatile.Read(ref _attempts));

    private AttemptVerdict Judge(FailureClass failure, TimeSpan? after) => failure switch
    {
        FailureClass.NotRun => new AttemptVerdict(Retry: true, IsFailure: true, Route is { HasOtherTarget: true } ? null : after, Route is { HasOtherTarget: true }),
        FailureClass.SessionLost => new AttemptVerdict(Retry: true, IsFailure: false, Immediately: true),
        FailureClass.Broken => new AttemptVerdict(MayRunTwice, IsFailure: true, Route is { HasOtherTarget: true } ? null : after, Route is { HasOtherTarget: true }),
        _ => AttemptVerdict.Final,
    };
}
