using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

public sealed class AdaptiveGateTests
{
    private readonly AdaptiveGate _gate = new(new AdaptiveLimit(new AdaptiveLimitOptions { Min = 1, Max = 1, Initial = 1 }), new ManualTime());

    [Fact]
    public async Task The_most_urgent_goes_first_and_among_equals_the_oldest()
    {
        var pass = await _gate.EnterAsync(0, default).Soon();
        List<string> order = [];
        var low = NoteAsync(0, "low");
        var first = NoteAsync(5, "first");
        var second = NoteAsync(5, "second");
        _gate.Leave(pass, PassEnd.Ignored);
        await Task.WhenAll(low, first, second).Soon();
        Assert.Equal(["first", "second", "low"], order);
        Assert.Equal(0, _gate.InFlight);

        async Task NoteAsync(int priority, string name)
        {
            var mine = await _gate.EnterAsync(priority, default);
            order.Add(name);
            _gate.Leave(mine, PassEnd.Answered);
        }
    }

    [Fact]
    public async Task Who_gives_up_takes_no_place()
    {
        var pass = await _gate.EnterAsync(0, default).Soon();
        using var stop = new CancellationTokenSource();
        var givenUp = _gate.EnterAsync(9, stop.Token).AsTask();
        var waiting = _gate.EnterAsync(0, default).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.Soon());
        _gate.Leave(pass, PassEnd.Ignored);
        _gate.Leave(await waiting.Soon(), PassEnd.Ignored);
        Assert.Equal(0, _gate.InFlight);
    }

    [Fact]
    public async Task Never_are_more_through_than_the_limit()
    {
        var gate = new AdaptiveGate(new AdaptiveLimit(new AdaptiveLimitOptions { Min = 7, Max = 7, Initial = 7 }), TimeProvider.System);
        var through = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(async () =>
        {
            var pass = await gate.EnterAsync(i % 3, default);
            var now = Interlocked.Increment(ref through);
            lock (gate)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref through);
            gate.Leave(pass, (PassEnd)(i % 3));
        }))).Soon();
        Assert.InRange(most, 1, 7);
        Assert.Equal(0, gate.InFlight);
    }
}
