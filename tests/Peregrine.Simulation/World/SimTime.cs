namespace Peregrine.Simulation.World;

/// <summary>The clock of a process.</summary>
internal sealed class SimTime(SimWorld world, SimProcess process) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 7, 28, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(world.Now);

    public override long GetTimestamp() => world.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(world, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer : ITimer
    {
        private readonly SimWorld _world;
        private readonly SimTimer _timer;
        private TimeSpan _period;

        internal Timer(SimWorld world, SimProcess process, TimerCallback callback, object? state)
        {
            _world = world;
            _timer = new SimTimer(process, () =>
            {
                if (_period > TimeSpan.Zero)
                {
                    _world.Arm(_timer!, _period);
                }

                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _timer.Cancel();
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _world.Arm(_timer, dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            _period = TimeSpan.Zero;
            _timer.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
