namespace Peregrine.Execution.Caching;

/// <summary>
/// Decides what is kept within a budget of bytes: W-TinyLFU. A newcomer spends some time in a small window, then has to be asked for more often than what it would push out; so one pass over
/// everything there is (a scan) costs the window only. Not thread-safe.
/// </summary>
internal sealed class EvictionPolicy(long budget, Action<CacheEntry> evict, Action<CacheEntry> reject)
{
    private readonly EntryList _window = new(CacheSegment.Window);
    private readonly EntryList _probation = new(CacheSegment.Probation);
    private readonly EntryList _protected = new(CacheSegment.Protected);
    private readonly List<CacheEntry> _victims = [];
    private readonly FrequencySketch _sketch = new();

    internal long Size => _window.Size + _probation.Size + _protected.Size;

    internal long Budget { get; private set; } = budget;

    // A hundredth: enough for what is asked for several times at once and then never again.
    private long WindowBudget => Math.Max(Budget / 100, 1);

    private long ProtectedBudget => (Budget - WindowBudget) / 5 * 4;

    /// <summary>Takes note that something was asked for, whether it is there or not.</summary>
    internal void Note(int hash) => _sketch.Increment(hash);

    /// <summary>Takes note that an entry was served.</summary>
    internal void Use(CacheEntry entry)
    {
        switch (entry.Segment)
        {
            case CacheSegment.Window:
                Move(entry, _window, _window);
                break;
            case CacheSegment.Probation:
                Move(entry, _probation, _protected);
                while (_protected.Size > ProtectedBudget && _protected.Oldest is { } oldest && oldest != entry)
                {
                    Move(oldest, _protected, _probation);
                }

                break;
            case CacheSegment.Protected:
                Move(entry, _protected, _protected);
                break;
        }
    }

    /// <summary>Takes an entry in, and lets others, or it, go.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="count">How many there are, with it.</param>
    internal void Add(CacheEntry entry, int count)
    {
        _sketch.EnsureCapacity(count);
        _window.Add(entry);
        while (_window.Size > WindowBudget && _window.Oldest is { } candidate)
        {
            _window.Remove(candidate);
            Admit(candidate);
        }

        Fit();
    }

    internal void Remove(CacheEntry entry) => ListOf(entry).Remove(entry);

    /// <summary>Changes the budget; lets go what does not fit.</summary>
    internal void Resize(long budget)
    {
        Budget = budget;
        Fit();
    }

    private void Admit(CacheEntry candidate)
    {
        var room = Budget - WindowBudget - _probation.Size - _protected.Size;
        if (candidate.Size <= room)
        {
            _probation.Add(candidate);
            return;
        }

        // All that would have to go together must be asked for less often than the newcomer.
        _victims.Clear();
        var frequency = _sketch.Frequency(candidate.Hash);
        var against = 0;
        var victim = _probation.Oldest ?? _protected.Oldest;
        while (room < candidate.Size && victim is not null)
        {
            against += _sketch.Frequency(victim.Hash);
            if (frequency <= against)
            {
                reject(candidate);
                return;
            }

            room += victim.Size;
            _victims.Add(victim);
            victim = victim.Previous ?? (victim.Segment == CacheSegment.Probation ? _protected.Oldest : null);
        }

        if (room < candidate.Size)
        {
            reject(candidate);
            return;
        }

        foreach (var leaving in _victims)
        {
            Evict(leaving);
        }

        _probation.Add(candidate);
    }

    private void Fit()
    {
        while (Size > Budget && (_probation.Oldest ?? _protected.Oldest ?? _window.Oldest) is { } oldest)
        {
            Evict(oldest);
        }
    }

    private void Evict(CacheEntry entry)
    {
        Remove(entry);
        evict(entry);
    }

    private EntryList ListOf(CacheEntry entry) => entry.Segment switch
    {
        CacheSegment.Window => _window,
        CacheSegment.Probation => _probation,
        _ => _protected,
    };

    private static void Move(CacheEntry entry, EntryList from, EntryList to)
    {
        from.Remove(entry);
        to.Add(entry);
    }
}
