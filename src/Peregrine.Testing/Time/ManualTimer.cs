namespace Peregrine.Testing.Time;

/// <summary>A timer of a <see cref="ManualTime"/>.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _disposed;

    // Both under the clock's lock.
    internal DateTimeOffset Due { get; set; }

    internal TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        time.Set(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        time.Remove(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    internal void Fire()
    {
        if (!_disposed)
        {
            callback(state);
        }
    }
}
