using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Balancing;

internal sealed class PowerOfTwoBalancer(SeededRandom random) : Balancer
{
    private protected override BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key)
    {
        var count = 0;
        foreach (var target in targets)
        {
            count += candidates.Include(target) ? 1 : 0;
        }

        if (count == 0)
        {
            return null;
        }

        var first = Find(targets, candidates, random.Next(count));
        if (count == 1 || first is null)
        {
            return first;
        }

        // Another one than the first: of the others, each with the same chance.
        var firstPlace = Place(targets, candidates, first);
        var second = Find(targets, candidates, (firstPlace + 1 + random.Next(count - 1)) % count);
        return second is null || first.Load <= second.Load ? first : second;
    }

    // Health may change while this looks, so there may be fewer candidates than were counted.
    private static BalancingTarget? Find(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, int place)
    {
        BalancingTarget? last = null;
        foreach (var target in targets)
        {
            if (candidates.Include(target))
            {
                last = target;
                if (place-- == 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private static int Place(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, BalancingTarget wanted)
    {
        var place = 0;
        foreach (var target in targets)
        {
            if (ReferenceEquals(target, wanted))
            {
                break;
            }

            place += candidates.Include(target) ? 1 : 0;
        }

        return place;
    }
}
