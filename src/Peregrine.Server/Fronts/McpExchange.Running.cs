using Peregrine.Execution.Memory;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Memory;

namespace Peregrine.Server.Fronts;

// How a call is let run, and what becomes of one that is answered before it has ended.
public abstract partial class McpExchange
{
    private ReplyBudget? _budget;

    /// <summary>Who calls, for limits and turns: equal objects are one client.</summary>
    internal virtual object ClientKey => Principal ?? (object?)Session ?? GetType();

    /// <summary>
    /// True where a call that is cancelled now is cancelled because its connection has ended, and not because its caller wants that: it may come back for the result of a call with a key.
    /// </summary>
    internal virtual bool IsConnectionLost => false;

    /// <summary>On whose behalf the call is: the principal, or on a connection of its own whoever is at its other end. Equal for calls that may share work.</summary>
    internal virtual object Owner => Principal ?? "";

    /// <summary>When a call that was refused as too many may try again; zero where that is not known.</summary>
    internal TimeSpan RetryAfter { get; private set; }

    /// <summary>True where it was refused because the server has too much to do, false where its own client has: over HTTP 503 and 429.</summary>
    internal bool IsServerBusy { get; private set; }

    /// <summary>
    /// The run of the tool, where the call is answered (error 4002) while it goes on; else null. Whoever keeps what became of a call has to wait for it.
    /// </summary>
    internal UnfinishedRun? Unfinished { get; set; }

    /// <summary>The call that is number <paramref name="generation"/> has made progress: a deadline moves.</summary>
    internal virtual void NoteProgress(int generation)
    {
    }

    /// <summary>Says when to try again; after <see cref="Fail"/>.</summary>
    internal void SetRetry(TimeSpan after, bool isServerBusy)
    {
        RetryAfter = after;
        IsServerBusy = isServerBusy;
    }

    /// <summary>Takes the reply of another exchange, which carries the same call and has ended; that one has none afterwards.</summary>
    internal void TakeReply(McpExchange other)
    {
        DropStreamed();
        (_reply, other._reply) = (other._reply, _reply);
        (_budget, other._budget) = (other._budget, _budget);
        Own(this);
        Own(other);
        (_streamed, other._streamed) = (other._streamed, null);
        ErrorCode = other.ErrorCode;
        IsRequestFault = other.IsRequestFault;
        IsToolError = other.IsToolError;
        Failure = other.Failure;
        SharedResult = other.SharedResult;
        RetryAfter = other.RetryAfter;
        IsServerBusy = other.IsServerBusy;
    }

    /// <summary>What the reply is sent on: equal objects are one connection.</summary>
    internal virtual object ConnectionKey => ClientKey;

    /// <summary>Where long replies are counted; null where they are not.</summary>
    internal ReplyBudget? Budget => _budget;

    /// <summary>Has memory of a long reply counted.</summary>
    internal void UseMemory(MemoryGovernor governor)
    {
        if (_budget is null || _budget.Governor != governor)
        {
            _budget = new ReplyBudget(this, governor);
            _reply.Budget = _budget;
        }
    }

    /// <summary>Ends the call that is number <paramref name="generation"/>, for the memory that its reply takes.</summary>
    internal virtual void EndSending(int generation, StreamEnd why) => CancelIf(generation);

    private static void Own(McpExchange exchange)
    {
        if (exchange._budget is { } budget)
        {
            budget.Owner = exchange;
        }
    }

    /// <summary>
    /// Gives the memory back, and leaves the exchange as it is otherwise: for one that carries no other call, because a deadline or a cancellation may still be on its way to it.
    /// </summary>
    internal void ReturnMemory()
    {
        _envelope = default;
        _bodyLength = 0;
        _reply.Dispose();
        ReturnBody();
    }

    private void ForgetRun()
    {
        Unfinished?.LetGo();
        RetryAfter = default;
        IsServerBusy = false;
        Unfinished = null;
    }
}
