namespace Peregrine.Client.Caching;

/// <summary>How results that the server allows to be kept are kept (<c>ttlMs</c> and <c>cacheScope</c>, specification 2026-07-28).</summary>
public sealed record ResponseCacheOptions
{
    /// <summary>How many bytes are kept in all; the least recently used go first. 0 keeps nothing; at most 1 GiB. Default 8 MiB.</summary>
    public long MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The longest time a result is kept, whatever the server says. Zero to 30 d; default 1 h.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Names on whose behalf the client asks: what is <c>private</c> is given only to clients of the same name, where several share a cache. Null (the default) makes a name of the client's
    /// <c>Authorization</c> header.
    /// </summary>
    public string? AuthorizationContext { get; init; }

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    internal void Validate(List<string> faults)
    {
        if (MaxBytes is < 0 or > 1L << 30)
        {
            faults.Add($"Cache.MaxBytes is {MaxBytes}: it may be 0 to {1L << 30}.");
        }

        if (MaxTimeToLive < TimeSpan.Zero || MaxTimeToLive > TimeSpan.FromDays(30))
        {
            faults.Add($"Cache.MaxTimeToLive is {MaxTimeToLive.TotalSeconds} s: it may be 0 to {TimeSpan.FromDays(30).TotalSeconds} s.");
        }
    }
}
