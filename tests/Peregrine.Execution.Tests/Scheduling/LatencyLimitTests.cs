using Peregrine.Execution.Scheduling;

namespace Peregrine.Execution.Tests.Scheduling;

public sealed class LatencyLimitTests
{
    private const long Second = 10_000_000;

    [Fact]
    public void TheLimitGrowsWhileLatencyStaysAndShrinksWhenItRises()
    {
        var limit = new LatencyLimit(4, 1000, Second);
        var begin = limit.Current;
        Load(limit, calls: 20_000, static _ => Second / 100);
        var grown = limit.Current;

        Load(limit, calls: 4_000, static _ => Second / 10);
        var shrunk = limit.Current;
        Load(limit, calls: 60_000, static _ => Second / 100);

        Assert.True(grown > 2 * begin, $"{begin} -> {grown}");
        Assert.True(shrunk < grown / 2, $"{grown} -> {shrunk}");
        Assert.True(limit.Current > shrunk, $"{shrunk} -> {limit.Current}");
    }

    [Fact]
    public void ItFindsTheCapacityOfAServer()
    {
        // 32 calls run side by side in 10 ms each; more share what there is.
        var limit = new LatencyLimit(4, 1000, Second);
        Load(limit, calls: 100_000, static inFlight => Second / 100 * Math.Max(1, inFlight / 32));

        Assert.InRange(limit.Current, 24, 96);
    }

    [Fact]
    public void ItStaysWithinItsBounds()
    {
        var limit = new LatencyLimit(4, 50, Second);
        Load(limit, calls: 50_000, static _ => Second / 1000);
        Assert.Equal(50, limit.Current);
        var slower = Second / 1000;
        Load(limit, calls: 20_000, _ => slower += Second / 1000);
        Assert.InRange(limit.Current, 4, 12);
    }

    private static void Load(LatencyLimit limit, int calls, Func<int, long> latency)
    {
        long now = 1;
        for (var i = 0; i < calls; i++)
        {
            now += Second / 1000;
            limit.Note(latency(limit.Current), now, limit.Current);
        }
    }
}
