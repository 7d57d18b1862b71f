namespace Peregrine.Transport.InMemory;

/// <summary>One end of an in-memory connection.</summary>
/// <param name="Input">What the other end sends.</param>
/// <param name="Output">What the other end receives.</param>
public sealed record StreamPair(Stream Input, Stream Output);
