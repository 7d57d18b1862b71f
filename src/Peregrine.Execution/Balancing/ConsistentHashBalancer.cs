using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Balancing;

/// <summary>
/// Rendezvous hashing: key and target together make a score, the highest wins. A target that comes takes its own keys from the others, one that goes gives its keys to them, and no other
/// key moves.
/// </summary>
internal sealed class ConsistentHashBalancer : Balancer
{
    private protected override BalancingTarget? Choose(ReadOnlySpan<BalancingTarget> targets, in Candidates candidates, ulong key)
    {
        BalancingTarget? best = null;
        var highest = double.NegativeInfinity;
        foreach (var target in targets)
        {
            if (!candidates.Include(target))
            {
                continue;
            }

            var score = Score(target, key);
            if (score > highest)
            {
                best = target;
                highest = score;
            }
        }

        return best;
    }

    // weight / -ln(u), u evenly spread between 0 and 1: so each target wins as often as its weight says.
    private static double Score(BalancingTarget target, ulong key)
    {
        var mixed = SeededRandom.Mix(unchecked(key + (target.Hash * 0x9E3779B97F4A7C15)));
        var u = ((mixed >> 11) + 1) * (1.0 / ((1UL << 53) + 1));
        return target.Weight / -Math.Log(u);
    }
}
