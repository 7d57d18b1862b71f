using Peregrine.Execution.Scheduling;

namespace Peregrine.Execution.Tests.Scheduling;

public sealed class LoadLimitTests
{
    [Fact]
    public void ProcessorAndMemoryDecide()
    {
        var time = new ManualTime();
        var load = new LoadSample(50, 10);
        var changes = 0;
        using var limit = new LoadLimit(new SchedulingOptions { AdaptToLoad = true }, 1000, time, () => changes++, () => load);
        var begin = limit.Current;

        Pass(10);
        Assert.Equal((begin, 0), (limit.Current, changes));

        load = new LoadSample(10, 10);
        Pass(10);
        var grown = limit.Current;
        Assert.True(grown > begin);

        load = new LoadSample(81, 10);
        Pass(5);
        var shrunk = limit.Current;
        Assert.True(shrunk < grown / 2);

        load = new LoadSample(10, 95);
        Pass(50);
        Assert.Equal(4, limit.Current);

        load = new LoadSample(10, 10);
        Pass(100);
        Assert.Equal(1000, limit.Current);

        void Pass(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }
}
