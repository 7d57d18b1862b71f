namespace Peregrine.Gateway.Policies;

/// <summary>What a policy does; each kind has a switch for every scope that asks for it.</summary>
internal enum PolicyKind : byte
{
    Timeout,
    RateLimit,
    ClientRateLimit,
    Bulkhead,
    Breaker,
    Retry,
    SizeLimits,
    Cache,
    Coalescing,
    Once,
    Shedding,
    Compression,
}
