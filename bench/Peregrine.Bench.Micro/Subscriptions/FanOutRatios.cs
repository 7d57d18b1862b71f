using Peregrine.Bench.Micro.Ratios;

namespace Peregrine.Bench.Micro.Subscriptions;

/// <summary>One update to 1,000 subscribers in the fast mode: the send loop's ratio is the inverse of what an update costs beyond it.</summary>
internal static class FanOutRatios
{
    public static IEnumerable<RatioCase> Cases
    {
        get
        {
            foreach (var readers in new[] { 1, 1000 })
            {
                var (hub, sendLoop) = FanOut.Contestants(readers);
                yield return new RatioCase($"fan-out {readers}", 0, [new Contestant("subscriptions/listen", hub), new Contestant("bare send loop", sendLoop)]);
            }
        }
    }
}
