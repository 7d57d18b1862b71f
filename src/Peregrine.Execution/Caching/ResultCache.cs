using Peregrine.Execution.Switches;

namespace Peregrine.Execution.Caching;

/// <summary>
/// Results by what was asked for, within a budget of bytes. Who asks for what is being made waits for it instead of making it again; what depends on a tag is gone when the tag's invalidation has
/// returned. Thread-safe; asking neither allocates nor waits where there is a result.
/// </summary>
/// <remarks>One lock, held for less than a microsecond: that an invalidation and a store cannot miss each other is what it is for.</remarks>
public sealed partial class ResultCache : ICacheEvents
{
    private readonly Lock _gate = new();

    // Made by the first that asks: code of the framework over a struct of ours cannot be compiled ahead, and every server has a cache (docs/performance.md, "Start").
    private Dictionary<CacheKey, CacheEntry>? _entries;
    private Dictionary<CacheKey, CacheFill>? _fills;
    private readonly Dictionary<string, CacheTag> _tags = new(StringComparer.Ordinal);
    private readonly EvictionPolicy _policy;
    private readonly TimeProvider _time;
    private readonly RuntimeSwitch? _switch;
    private readonly Counts _counts = new();

    /// <summary>Makes an empty cache.</summary>
    /// <param name="options">How much it keeps.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="isOn">Its switch; null where it is always on. Turning it off clears it.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public ResultCache(CacheOptions options, TimeProvider time, RuntimeSwitch? isOn = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        Options = options;
        _time = time;
        _policy = new EvictionPolicy(options.MaxBytes, Evict, Reject);
        _switch = isOn;
        if (isOn is not null)
        {
            isOn.Changed += changed =>
            {
                if (!changed.IsOn)
                {
                    Drop(CacheEventKind.Cleared, CacheSelection.Everything);
                }
            };
        }
    }

    /// <summary>How much it keeps.</summary>
    public CacheOptions Options { get; }

    /// <summary>What it has done and holds.</summary>
    public CacheStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _counts.Read() with { Entries = Count, Bytes = _policy.Size, MaxBytes = _policy.Budget };
            }
        }
    }

    private Dictionary<CacheKey, CacheEntry> Entries => _entries ??= [];

    private Dictionary<CacheKey, CacheFill> Fills => _fills ??= [];

    private int Count => _entries?.Count ?? 0;

    /// <summary>Bytes that its results take.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _policy.Size;
            }
        }
    }

    /// <summary>Decides for one asking whether it may use the cache: false where the switch says no. Counts those that may not.</summary>
    /// <param name="bypass">True where the caller wants no result from the cache.</param>
    public bool TryUse(bool bypass)
    {
        if (!bypass && _switch?.Decide() != false)
        {
            return true;
        }

        lock (_gate)
        {
            _counts.Bypassed++;
        }

        return false;
    }

    /// <summary>Asks for a result.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="tags">What it depends on. Read where there is none; must be the same for equal keys.</param>
    /// <param name="label">The name or URI that it can be cleared by.</param>
    /// <returns>
    /// A hit; or a fill that this caller has to make and give to <see cref="Complete"/> whatever happens (Lead); or one that another makes (Follow). Who waits for a fill and goes away calls
    /// <see cref="CacheFill.Leave"/>.
    /// </returns>
    public CacheLookup Look(in CacheKey key, string[] tags, string label)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            _policy.Note(key.GetHashCode());
            if (Entries.TryGetValue(key, out var entry))
            {
                if (now < entry.ExpiresAt)
                {
                    _counts.Hits++;
                    _policy.Use(entry);
                    return new CacheLookup(CacheAnswer.Hit, entry.Result, Left(entry, now), null);
                }

                if (now >= entry.StaleUntil)
                {
                    Remove(entry);
                    _counts.Expired++;
                }
            }

            if (Fills.TryGetValue(key, out var fill) && fill.TryJoin())
            {
                _counts.Coalesced++;
                return new CacheLookup(CacheAnswer.Follow, default, default, fill);
            }

            _counts.Misses++;
            fill = new CacheFill(key, tags, label);
            fill.Marks = Mark(fill, tags);
            Fills[key] = fill;
            return new CacheLookup(CacheAnswer.Lead, default, default, fill);
        }
    }

    /// <summary>Gives what was made to those who wait, and stores it where it may be. To be called exactly once for each fill.</summary>
    /// <param name="fill">What was made.</param>
    /// <param name="result">The result, not changed afterwards; null where it is for the one alone who made it.</param>
    /// <param name="storable">True for a good result; false for a failure, which is given to those who wait and kept for nobody.</param>
    /// <param name="code">Told to those who wait.</param>
    /// <param name="timeToLive">How long the result may be served; zero: it is given to those who wait, and takes the place of an older one without being kept. Null: as long as its group says.</param>
    public void Complete(CacheFill fill, byte[]? result, bool storable, int code = 0, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(fill);
        FillOutcome outcome;
        lock (_gate)
        {
            if (fill.IsEnded)
            {
                throw new InvalidOperationException("This fill was completed before.");
            }

            fill.IsEnded = true;
            if (Fills.TryGetValue(fill.Key, out var current) && current == fill)
            {
                Fills.Remove(fill.Key);
            }

            Unmark(fill.Marks);
            outcome = storable && result is not null ? Store(fill, result, code, timeToLive ?? fill.Key.Group.TimeToLive) : Decline(fill, result, code);
        }

        fill.End(outcome);
    }

    /// <summary>Lets go of results until the rest takes at most so many bytes, and keeps it so until <see cref="Options"/> say more again (<see cref="Restore"/>).</summary>
    public void Shrink(long maxBytes)
    {
        int dropped;
        lock (_gate)
        {
            var before = Count;
            _policy.Resize(Math.Clamp(maxBytes, 0, Options.MaxBytes));
            dropped = before - Count;
        }

        if (dropped > 0)
        {
            Publish(new CacheEvent(CacheEventKind.Shrunk, [], dropped, 0));
        }
    }

    /// <summary>Ends what <see cref="Shrink"/> began.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _policy.Resize(Options.MaxBytes);
        }
    }

    private FillOutcome Store(CacheFill fill, byte[] result, int code, TimeSpan timeToLive)
    {
        if (fill.IsDoomed)
        {
            _counts.Doomed++;
            return new FillOutcome(result, IsStored: false, IsStale: false, TimeSpan.Zero, code);
        }

        var (group, now) = (fill.Key.Group, _time.GetTimestamp());
        var entry = new CacheEntry(fill.Key, result, fill.Label, now, now + Ticks(timeToLive),
            now + Ticks(timeToLive + Longest(group.StaleIfError, Options.StaleIfError)));
        if (timeToLive <= TimeSpan.Zero || result.Length > Options.MaxResultBytes || entry.Size > _policy.Budget || _switch?.IsOn == false)
        {
            if (Entries.TryGetValue(fill.Key, out var older) && timeToLive <= TimeSpan.Zero)
            {
                Remove(older);
                _counts.Replaced++;
            }

            _counts.NotStored++;
            return new FillOutcome(result, IsStored: false, IsStale: false, TimeSpan.Zero, code);
        }

        if (Entries.TryGetValue(fill.Key, out var old))
        {
            Remove(old);
            _counts.Replaced++;
        }

        entry.Marks = Mark(entry, fill.Tags);
        Entries.Add(fill.Key, entry);
        _counts.Stored++;
        _policy.Add(entry, Count);
        return new FillOutcome(result, IsStored: true, IsStale: false, timeToLive, code);
    }

    // An old result that nothing has invalidated is better than a failure.
    private FillOutcome Decline(CacheFill fill, byte[]? result, int code)
    {
        _counts.NotStored++;
        if (result is not null && !fill.IsDoomed && Entries.TryGetValue(fill.Key, out var old) && _time.GetTimestamp() < old.StaleUntil)
        {
            _counts.ServedStale++;
            return new FillOutcome(old.Result, IsStored: false, IsStale: true, TimeSpan.Zero, 0);
        }

        return new FillOutcome(result, IsStored: false, IsStale: false, TimeSpan.Zero, code);
    }

    private void Remove(CacheEntry entry)
    {
        _policy.Remove(entry);
        Forget(entry);
    }

    private void Forget(CacheEntry entry)
    {
        Entries.Remove(entry.Key);
        Unmark(entry.Marks);
    }

    private void Evict(CacheEntry entry)
    {
        _counts.Evicted++;
        Forget(entry);
    }

    private void Reject(CacheEntry entry)
    {
        _counts.Rejected++;
        Forget(entry);
    }

    private TagMark[] Mark(object owner, string[] tags)
    {
        if (tags.Length == 0)
        {
            return [];
        }

        var marks = new TagMark[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            if (!_tags.TryGetValue(tags[i], out var tag))
            {
                tag = new CacheTag(tags[i]);
                _tags.Add(tags[i], tag);
            }

            marks[i] = tag.Add(owner);
        }

        return marks;
    }

    private void Unmark(TagMark[] marks)
    {
        foreach (var mark in marks)
        {
            mark.Tag.Remove(mark);
            if (mark.Tag.First is null)
            {
                _tags.Remove(mark.Tag.Name);
            }
        }
    }

    private TimeSpan Left(CacheEntry entry, long now) => _time.GetElapsedTime(now, entry.ExpiresAt);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // Under the lock.
    private sealed class Counts
    {
        internal long Hits, Misses, Coalesced, Bypassed, ServedStale, Stored, NotStored, Doomed, Rejected, Evicted, Expired, Replaced, Invalidated, Cleared;

        internal CacheStatistics Read() => new()
        {
            Hits = Hits,
            Misses = Misses,
            Coalesced = Coalesced,
            Bypassed = Bypassed,
            ServedStale = ServedStale,
            Stored = Stored,
            NotStored = NotStored,
            Doomed = Doomed,
            Rejected = Rejected,
            Evicted = Evicted,
            Expired = Expired,
            Replaced = Replaced,
            Invalidated = Invalidated,
            Cleared = Cleared,
        };
    }
}
