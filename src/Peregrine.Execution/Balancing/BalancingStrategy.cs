namespace Peregrine.Execution.Balancing;

/// <summary>How the next of several servers is chosen.</summary>
public enum BalancingStrategy
{
    /// <summary>One after the other, whatever their weight.</summary>
    RoundRobin,

    /// <summary>One after the other, each as often as its weight says, evenly spread.</summary>
    Weighted,

    /// <summary>The one with the fewest requests in flight for its weight.</summary>
    LeastRequests,

    /// <summary>Of two taken at random the one with fewer requests in flight for its weight: nearly as even as <see cref="LeastRequests"/>, without looking at all of them.</summary>
    PowerOfTwo,

    /// <summary>Always the same one for the same key; where one server comes or goes only its own keys move. Heavier servers get more keys.</summary>
    ConsistentHash,
}
