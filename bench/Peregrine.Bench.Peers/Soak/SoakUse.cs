namespace Peregrine.Bench.Peers.Soak;

/// <summary>What a process held: medians over a part of the run.</summary>
internal sealed record SoakUse(long ResidentBytes, double Descriptors, double Threads);
