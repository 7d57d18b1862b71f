using Microsoft.Extensions.Logging;
using Peregrine.Execution.Caching;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// Looks every second at how much managed memory there is. Beyond the limit results that are kept shrink to a quarter, and calls are refused by their tier (<see cref="GatewayLoad"/>); below four fifths of it
/// all is as before. Thread-safe.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    /// <summary>Less is used by a gateway that does nothing.</summary>
    internal const long LeastLimit = 16L * 1024 * 1024;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Where calls are refused little is allocated, and the collector may not come by itself: what is not needed would count for ever.
    private const int LooksBetweenCollections = 5;

    private readonly Lock _gate = new();
    private readonly long _limit;
    private readonly Func<long> _used;
    private readonly Action _collect;
    private readonly GatewayLoad _load;
    private readonly Func<ResultCache> _cache;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _looks;

    /// <summary>Begins to look.</summary>
    /// <param name="limit">In bytes; null for three quarters of what the process may use.</param>
    /// <param name="used">How many bytes there are.</param>
    /// <param name="collect">Has what is not needed collected, without waiting for it.</param>
    /// <param name="load">Is told.</param>
    /// <param name="cache">What is shrunk; asked for each time, for it may be replaced.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes a message when memory becomes short, and when it is not any more.</param>
    internal MemoryWatch(long? limit, Func<long> used, Action collect, GatewayLoad load, Func<ResultCache> cache, TimeProvider time, ILogger logger)
    {
        _limit = limit ?? Math.Max(LeastLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3);
        _used = used;
        _collect = collect;
        _load = load;
        _cache = cache;
        _logger = logger;
        _timer = time.CreateTimer(static watch => ((MemoryWatch)watch!).Look(), this, Period, Period);
    }

    /// <summary>Stops looking; calls are refused for memory no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _timer.Dispose();
            Change(MemoryPressure.None, 0);
        }
    }

    private void Look()
    {
        var used = _used();
        lock (_gate)
        {
            // What has become short stays so until there is room again, lest it come and go.
            var least = used >= _limit / 4 * 5 ? MemoryPressure.Hard : used >= _limit ? MemoryPressure.Soft : MemoryPressure.None;
            Change(used < _limit / 5 * 4 ? MemoryPressure.None : (MemoryPressure)Math.Max((int)least, Math.Min((int)_load.Memory, (int)MemoryPressure.Soft)), used);
        }
    }

    private void Change(MemoryPressure next, long used)
    {
        var before = _load.Memory;
        _load.Memory = next;
        if (next == MemoryPressure.None && before != MemoryPressure.None)
        {
            _cache().Restore();
            PolicyLog.MemoryIsEnough(_logger, used);
        }
        else if (next != MemoryPressure.None)
        {
            // Each time: it may be another one since.
            var cache = _cache();
            cache.Shrink(cache.Options.MaxBytes / 4);
            _looks = before == MemoryPressure.None ? 0 : _looks + 1;
            if (_looks % LooksBetweenCollections == 0)
            {
                _collect();
            }

            if (before == MemoryPressure.None)
            {
                PolicyLog.MemoryIsShort(_logger, used, _limit);
            }
        }
    }
}
