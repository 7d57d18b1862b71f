using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Balancing;

public sealed class BalancerTests
{
    private static readonly BalancingStrategy[] All = Enum.GetValues<BalancingStrategy>();

    private readonly ManualTime _time = new();

    public static TheoryData<BalancingStrategy> Strategies => [.. All];

    /// <summary>Whatever the strategy, and whoever is out of use: one is found where there is one, and never one that is out; one that was not tried where there is one.</summary>
    [Fact]
    public void It_chooses_one_that_is_healthy_and_not_tried_where_there_is_one()
    {
        var cases = ArbMap.Default.GeneratorFor<(bool Ejected, bool Tried, byte Weight, byte InFlight)[]>().Where(static targets => targets.Length is > 0 and <= 64);
        Prop.ForAll(cases.ToArbitrary(), ArbMap.Default.GeneratorFor<(byte Strategy, ulong Key)>().ToArbitrary(), (members, how) =>
        {
            var targets = members.Select((member, index) => Target(index, member.Weight + 1)).ToArray();
            var tried = default(TriedTargets);
            for (var i = 0; i < targets.Length; i++)
            {
                if (members[i].Ejected)
                {
                    targets[i].Health.EjectNow();
                }

                if (members[i].Tried)
                {
                    tried.Add(targets[i]);
                }

                for (var n = 0; n < members[i].InFlight % 4; n++)
                {
                    targets[i].Begin();
                }
            }

            var chosen = Balancer.Create(All[how.Strategy % All.Length], new SeededRandom(how.Key)).Pick(targets, tried, how.Key);
            var healthy = Enumerable.Range(0, members.Length).Where(i => !members[i].Ejected).ToArray();
            return healthy.Length == 0
                ? chosen is null
                : chosen is not null && healthy.Contains(chosen.Index) && (!members[chosen.Index].Tried || healthy.All(i => members[i].Tried));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Consistent hashing: where a server goes, only its keys move; where one comes, keys move only to it.</summary>
    [Fact]
    public void Only_the_keys_of_who_comes_or_goes_move()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<(byte Count, byte Gone, ulong[] Keys)>().ToArbitrary(), c =>
        {
            var targets = Enumerable.Range(0, (c.Count % 20) + 2).Select(i => Target(i, 1 + (i % 3))).ToArray();
            var gone = c.Gone % targets.Length;
            var balancer = Balancer.Create(BalancingStrategy.ConsistentHash, new SeededRandom(0));
            var before = c.Keys.Select(key => balancer.Pick(targets, default, key)!.Index).ToArray();
            targets[gone].Health.EjectNow();
            var after = c.Keys.Select(key => balancer.Pick(targets, default, key)!.Index).ToArray();
            return before.Zip(after).All(pair => pair.First == pair.Second || pair.First == gone) && !after.Contains(gone);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(BalancingStrategy.Weighted)]
    [InlineData(BalancingStrategy.ConsistentHash)]
    public void Who_is_heavier_gets_more(BalancingStrategy strategy)
    {
        var counts = Count(strategy, [Target(0, 5), Target(1, 3), Target(2, 2)], 10_000);
        Assert.InRange(counts[0], 4700, 5300);
        Assert.InRange(counts[1], 2700, 3300);
        Assert.InRange(counts[2], 1700, 2300);
    }

    [Fact]
    public void Heavy_ones_do_not_come_all_in_a_row()
    {
        var targets = new[] { Target(0, 5), Target(1, 1), Target(2, 1) };
        var balancer = Balancer.Create(BalancingStrategy.Weighted, new SeededRandom(0));
        Assert.Equal("0010200", string.Concat(Enumerable.Range(0, 7).Select(_ => balancer.Pick(targets, default, 0)!.Index)));
    }

    [Theory]
    [InlineData(BalancingStrategy.RoundRobin)]
    [InlineData(BalancingStrategy.LeastRequests)]
    [InlineData(BalancingStrategy.PowerOfTwo)]
    public void Equals_get_the_same(BalancingStrategy strategy)
    {
        foreach (var count in Count(strategy, [Target(0), Target(1), Target(2), Target(3)], 4000))
        {
            Assert.InRange(count, 850, 1150);
        }
    }

    [Fact]
    public void The_one_with_the_fewest_in_flight_is_chosen()
    {
        var targets = new[] { Target(0), Target(1), Target(2, 4) };
        targets[0].Begin();
        targets[1].Begin();
        targets[1].Begin();
        for (var i = 0; i < 6; i++)
        {
            targets[2].Begin();
        }

        // (6 + 1) / 4 is less than (1 + 1) / 1.
        Assert.Equal(2, Balancer.Create(BalancingStrategy.LeastRequests, new SeededRandom(0)).Pick(targets, default, 0)!.Index);
    }

    [Fact]
    public void Of_two_the_busier_is_never_chosen()
    {
        var targets = new[] { Target(0), Target(1) };
        targets[1].Begin();
        var balancer = Balancer.Create(BalancingStrategy.PowerOfTwo, new SeededRandom(3));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(0, balancer.Pick(targets, default, 0)!.Index);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Where_none_is_healthy_none_is_chosen(BalancingStrategy strategy)
    {
        var targets = new[] { Target(0), Target(1) };
        targets[0].Health.EjectNow();
        targets[1].Health.EjectNow();
        var balancer = Balancer.Create(strategy, new SeededRandom(0));
        Assert.Null(balancer.Pick(targets, default, 0));

        // After its time one request is let through, not two.
        _time.Advance(TimeSpan.FromSeconds(1));
        var chosen = new[] { balancer.Pick(targets, default, 0), balancer.Pick(targets, default, 0), balancer.Pick(targets, default, 0) };
        Assert.Equal(2, chosen.OfType<BalancingTarget>().Distinct().Count());
        Assert.Null(chosen[2]);
    }

    private int[] Count(BalancingStrategy strategy, BalancingTarget[] targets, int picks)
    {
        var balancer = Balancer.Create(strategy, new SeededRandom(7));
        var keys = new SeededRandom(9);
        var counts = new int[targets.Length];
        for (var i = 0; i < picks; i++)
        {
            counts[balancer.Pick(targets, default, keys.Next())!.Index]++;
        }

        return counts;
    }

    private BalancingTarget Target(int index, int weight = 1) => new(index, "server-" + index, weight, new TargetHealth(new HealthOptions(), _time));
}
