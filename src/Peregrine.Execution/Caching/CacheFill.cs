namespace Peregrine.Execution.Caching;

/// <summary>A result in the making, and those who wait for it. Thread-safe.</summary>
public sealed class CacheFill
{
    // Those who wait are code of callers, and must not run on the thread of the one who makes.
    private readonly TaskCompletionSource<FillOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiters = 1;
    private Action? _abandoned;

    internal CacheFill(in CacheKey key, string[] tags, string label)
    {
        Key = key;
        Tags = tags;
        Label = label;
    }

    /// <summary>What is being made.</summary>
    public CacheKey Key { get; }

    /// <summary>Ends when it is made. Never fails.</summary>
    public Task<FillOutcome> Outcome => _outcome.Task;

    internal string[] Tags { get; }

    internal string Label { get; }

    internal TagMark[] Marks { get; set; } = [];

    /// <summary>True once what it depends on has changed: it may be given to those who wait, but not kept.</summary>
    internal bool IsDoomed { get; set; }

    internal bool IsEnded { get; set; }

    /// <summary>Has <paramref name="action"/> called when everybody who waited has gone; now where they have. For the one who makes the result, once.</summary>
    public void OnAbandoned(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Volatile.Write(ref _abandoned, action);
        if (Volatile.Read(ref _waiters) == 0)
        {
            Interlocked.Exchange(ref _abandoned, null)?.Invoke();
        }
    }

    /// <summary>One who asked does not wait any more; to be called at most once for each answer Lead or Follow.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _waiters) == 0)
        {
            Interlocked.Exchange(ref _abandoned, null)?.Invoke();
        }
    }

    // Under the cache's lock. False where everybody has gone: then it is being cancelled, and is nobody's any more.
    internal bool TryJoin()
    {
        while (true)
        {
            var waiters = Volatile.Read(ref _waiters);
            if (waiters == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _waiters, waiters + 1, waiters) == waiters)
            {
                return true;
            }
        }
    }

    internal void End(in FillOutcome outcome) => _outcome.TrySetResult(outcome);
}
