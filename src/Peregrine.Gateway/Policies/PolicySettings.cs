using System.Collections.Immutable;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Scheduling;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// What holds for calls of some tools, prompts and resources. What is null is said elsewhere: a pattern's settings come first, then those of the tier, of the server, and the defaults; what none of them
/// says is not done. Immutable.
/// </summary>
public sealed record PolicySettings
{
    /// <summary>A call not answered in this time, attempts and waiting included, ends with error 4002 and is cancelled. 1 ms to 1 day.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many calls of all clients together may begin.</summary>
    public RateLimitOptions? RateLimit { get; init; }

    /// <summary>How many calls of one client may begin.</summary>
    public RateLimitOptions? ClientRateLimit { get; init; }

    /// <summary>How many calls run at once, and how many wait.</summary>
    public BulkheadOptions? Bulkhead { get; init; }

    /// <summary>When calls are refused because too many have failed.</summary>
    public BreakerOptions? Breaker { get; init; }

    /// <summary>How often what has failed is tried again. Only what does no harm twice is, or was certainly not run.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>How many retries there may be in all.</summary>
    public RetryBudgetOptions? RetryBudget { get; init; }

    /// <summary>The longest arguments, in bytes of JSON. 1 or more.</summary>
    public int? MaxArgumentBytes { get; init; }

    /// <summary>The longest reply, in bytes of JSON. 1 or more.</summary>
    public int? MaxResultBytes { get; init; }

    /// <summary>How results are kept.</summary>
    public ResultCacheOptions? Cache { get; init; }

    /// <summary>True: equal calls that run at the same time are one at the server. Only for resources and for tools that only read.</summary>
    public bool? Coalesce { get; init; }

    /// <summary>
    /// The tags whose results a tool that changes something drops. Null: all results of its server. Empty: none.
    /// </summary>
    public ImmutableArray<string>? Invalidates { get; init; }

    /// <summary>True: a call with a key runs once.</summary>
    public bool? Once { get; init; }

    /// <summary>How long the calls take: what holds for the tier holds for them, and under load the slower ones are refused first. Null, where nobody says: normal, and never refused for that.</summary>
    public CallTier? Tier { get; init; }

    /// <summary>True: replies of 1,024 bytes or more go out compressed to clients over HTTP that take it. Not for what has secrets beside text of strangers.</summary>
    public bool? Compress { get; init; }

    /// <summary>True: the tool only reads, whatever its server says; false: it changes something.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>True: calling the tool twice does no more than calling it once, whatever its server says; false: it does.</summary>
    public bool? Idempotent { get; init; }

    /// <summary>False: what the server says of its tools (<c>readOnlyHint</c>, <c>idempotentHint</c>) is not believed.</summary>
    public bool? TrustHints { get; init; }

    /// <summary>True where both say the same.</summary>
    public bool Equals(PolicySettings? other) => other is not null
        && (Timeout, RateLimit, ClientRateLimit, Bulkhead, Breaker, Retry, RetryBudget) == (other.Timeout, other.RateLimit, other.ClientRateLimit, other.Bulkhead, other.Breaker, other.Retry, other.RetryBudget)
        && (MaxArgumentBytes, MaxResultBytes, Cache, Coalesce, Once, ReadOnly, Idempotent) == (other.MaxArgumentBytes, other.MaxResultBytes, other.Cache, other.Coalesce, other.Once, other.ReadOnly, other.Idempotent)
        && (TrustHints, Tier, Compress) == (other.TrustHints, other.Tier, other.Compress)
        && (Invalidates is { } tags ? other.Invalidates is { } others && tags.SequenceEqual(others) : other.Invalidates is null);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Timeout, RateLimit, Bulkhead, Breaker, Retry, Cache, Once);

    /// <summary>These settings, and where they say nothing the others.</summary>
    internal PolicySettings Over(PolicySettings other) => new()
    {
        Timeout = Timeout ?? other.Timeout,
        RateLimit = RateLimit ?? other.RateLimit,
        ClientRateLimit = ClientRateLimit ?? other.ClientRateLimit,
        Bulkhead = Bulkhead ?? other.Bulkhead,
        Breaker = Breaker ?? other.Breaker,
        Retry = Retry ?? other.Retry,
        RetryBudget = Retry is not null ? RetryBudget : other.RetryBudget,
        MaxArgumentBytes = MaxArgumentBytes ?? other.MaxArgumentBytes,
        MaxResultBytes = MaxResultBytes ?? other.MaxResultBytes,
        Cache = Cache ?? other.Cache,
        Coalesce = Coalesce ?? other.Coalesce,
        Invalidates = Invalidates ?? other.Invalidates,
        Once = Once ?? other.Once,
        ReadOnly = ReadOnly ?? other.ReadOnly,
        Idempotent = Idempotent ?? other.Idempotent,
        TrustHints = TrustHints ?? other.TrustHints,
        Tier = Tier ?? other.Tier,
        Compress = Compress ?? other.Compress,
    };

    /// <summary>Every fault of these settings, in words; empty where they are valid.</summary>
    /// <param name="name">What the settings are called where they are used.</param>
    public IReadOnlyList<string> Validate(string name)
    {
        List<string> faults = [];
        if (Timeout is { } timeout)
        {
            OptionRange.Check(faults, timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), $"{name}.{nameof(Timeout)}");
        }

        OptionRange.Check(faults, MaxArgumentBytes ?? 1, 1, int.MaxValue, $"{name}.{nameof(MaxArgumentBytes)}");
        OptionRange.Check(faults, MaxResultBytes ?? 1, 1, int.MaxValue, $"{name}.{nameof(MaxResultBytes)}");
        RateLimit?.Validate(faults, $"{name}.{nameof(RateLimit)}");
        ClientRateLimit?.Validate(faults, $"{name}.{nameof(ClientRateLimit)}");
        Bulkhead?.Validate(faults, $"{name}.{nameof(Bulkhead)}");
        Breaker?.Validate(faults, $"{name}.{nameof(Breaker)}");
        Retry?.Validate(faults, $"{name}.{nameof(Retry)}");
        RetryBudget?.Validate(faults, $"{name}.{nameof(RetryBudget)}");
        Cache?.Validate(faults, $"{name}.{nameof(Cache)}");
        return faults;
    }
}
