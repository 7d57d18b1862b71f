using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Balancing;

/// <summary>One more place where a server is: another URL, or another program. Immutable.</summary>
/// <param name="Name">What it is called, unique among the members of its server.</param>
/// <param name="Weight">How much of the work it gets in proportion to the others. 1 to 1,000.</param>
/// <param name="Server">How it is reached; has no members of its own.</param>
public sealed record UpstreamMember(string Name, int Weight, UpstreamConfiguration Server);
