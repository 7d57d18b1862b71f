using Peregrine.Server.Registry;

namespace Peregrine.Server.Tools;

/// <summary>Removes tools whose time to live is over. One timer for all. Thread-safe.</summary>
internal sealed class ToolExpiry
{
    // Timers cannot be set much further ahead than a month; this one then looks again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ExpiringTool> _due = new(StringComparer.Ordinal);
    private readonly ServerRegistry _registry;
    private readonly TimeProvider _time;
    private readonly long _start;
    private ITimer? _timer;

    internal ToolExpiry(ServerRegistry registry, TimeProvider time)
    {
        _registry = registry;
        _time = time;
        _start = time.GetTimestamp();
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    internal void Set(McpToolHandler[] tools, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            var due = timeToLive < TimeSpan.MaxValue - Now ? Now + timeToLive : TimeSpan.MaxValue;
            foreach (var tool in tools)
            {
                _due[tool.Definition.Name] = new ExpiringTool(tool, due);
            }

            Arm();
        }
    }

    internal void Forget(string name)
    {
        lock (_gate)
        {
            _due.Remove(name);
        }
    }

    private void RemoveDue()
    {
        HashSet<McpToolHandler> over = [];
        lock (_gate)
        {
            var now = Now;
            foreach (var (name, entry) in _due)
            {
                if (entry.Due <= now)
                {
                    over.Add(entry.Tool);
                    _due.Remove(name);
                }
            }

            Arm();
        }

        if (over.Count > 0)
        {
            // By instance: the name may have been given to another tool meanwhile.
            _registry.Update(contents => contents with { Tools = contents.Tools.RemoveAll(over.Contains) });
        }
    }

    private void Arm()
    {
        if (_due.Count == 0)
        {
            return;
        }

        var wait = _due.Values.Min(static entry => entry.Due) - Now;
        wait = wait <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : wait < LongestWait ? wait : LongestWait;
        if (_timer is null)
        {
            // Else it would keep alive whatever flows with the code that happened to add the first tool.
            using (ExecutionContext.SuppressFlow())
            {
                _timer = _time.CreateTimer(static state => ((ToolExpiry)state!).RemoveDue(), this, wait, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed record ExpiringTool(McpToolHandler Tool, TimeSpan Due);
}
