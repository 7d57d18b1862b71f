using Peregrine.Server.Fronts;

namespace Peregrine.Server.Dispatch;

/// <summary>The run of a tool that goes on after its call was answered. Thread-safe.</summary>
internal sealed class UnfinishedRun
{
    private readonly Lock _gate = new();
    private List<Action<McpExchange>>? _waiting = [];
    private McpExchange? _ended;
    private int _done;

    /// <summary>
    /// Has <paramref name="action"/> called once, when the tool has returned at last, or now where it has: with an exchange that holds what it returned, as it would have been sent. The
    /// exchange may be looked at until the action returns.
    /// </summary>
    internal void OnEnded(Action<McpExchange> action)
    {
        lock (_gate)
        {
            if (_waiting is not null)
            {
                _waiting.Add(action);
                return;
            }
        }

        action(_ended!);
    }

    /// <summary>Called once, by whoever was answered: nothing more will be asked for.</summary>
    internal void LetGo() => ReturnWithOther();

    internal void End(McpExchange exchange)
    {
        List<Action<McpExchange>> waiting;
        lock (_gate)
        {
            waiting = _waiting!;
            _ended = exchange;
            _waiting = null;
        }

        waiting.ForEach(action => action(exchange));
        ReturnWithOther();
    }

    // The later of the two gives back what the tool returned.
    private void ReturnWithOther()
    {
        if (Interlocked.Increment(ref _done) == 2)
        {
            _ended!.ReturnMemory();
        }
    }
}
