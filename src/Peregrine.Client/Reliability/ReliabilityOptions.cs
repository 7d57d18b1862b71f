using Peregrine.Execution.Resilience;

namespace Peregrine.Client.Reliability;

/// <summary>
/// What a client does about failures. Whatever is set here, a call that changes something is never sent again once it may have run, unless the caller says that it may run twice
/// (<see cref="Calling.CallOptions.Idempotent"/>) or the server's ledger sees to it that it does not (an idempotency key).
/// </summary>
public sealed record ReliabilityOptions
{
    /// <summary>How often and when what failed is tried again. Default: three attempts, 1 s and 2 s apart.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>How many retries and hedges are allowed in all; null for no bound. Default: one for five calls, and 10 a second.</summary>
    public RetryBudgetOptions? RetryBudget { get; init; } = new();

    /// <summary>
    /// The end of a call of a tool, whatever it reports and however often it is tried: progress moves <see cref="PeregrineClientOptions.RequestTimeout"/>, but not beyond this, and no attempt is begun
    /// after it. Zero: progress moves nothing, and none is asked for. Default 10 min.
    /// </summary>
    public TimeSpan MaxRequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When a call that changes nothing is sent a second time because it is slow. Null (the default) for never.</summary>
    public HedgingOptions? Hedging { get; init; }

    /// <summary>When calls are refused on this side because too many of the last ones failed. Null (the default) for never.</summary>
    public BreakerOptions? Breaker { get; init; }

    /// <summary>How many requests may be in flight at once. Null (the default) for no bound.</summary>
    public BulkheadOptions? Bulkhead { get; init; }

    /// <summary>
    /// Whether a tool is believed that says of itself that it changes nothing or may run twice (<c>readOnlyHint</c>, <c>idempotentHint</c>), once
    /// <see cref="PeregrineClient.ListToolsAsync"/> has seen it. Default false: turn it on for servers that you know.
    /// </summary>
    public bool TrustHints { get; init; }

    /// <summary>Whether the client says that it speaks <c>mcp_tx</c>, and uses it where the server does. Default true.</summary>
    public bool UseTransactions { get; init; } = true;

    /// <summary>Which calls carry an idempotency key. Default: those whose caller gives one.</summary>
    public KeyPolicy Keys { get; init; } = KeyPolicy.WhenGiven;

    /// <summary>Makes jitter and keys' randomness repeatable, for simulations; any number. Null (the default) for a seed of its own.</summary>
    public long? Seed { get; init; }

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    internal void Validate(List<string> faults)
    {
        if (Retry is null)
        {
            faults.Add("Reliability.Retry is null: take RetryOptions.None to try only once.");
        }
        else
        {
            Retry.Validate(faults, "Reliability.Retry");
        }

        RetryBudget?.Validate(faults, "Reliability.RetryBudget");
        Hedging?.Validate(faults, "Reliability.Hedging");
        Breaker?.Validate(faults, "Reliability.Breaker");
        Bulkhead?.Validate(faults, "Reliability.Bulkhead");
        if (MaxRequestTimeout < TimeSpan.Zero || MaxRequestTimeout > TimeSpan.FromDays(1))
        {
            faults.Add($"Reliability.MaxRequestTimeout is {MaxRequestTimeout.TotalSeconds} s: it may be 0 to 86400 s.");
        }

        if (!Enum.IsDefined(Keys))
        {
            faults.Add("Reliability.Keys is none of the policies.");
        }
    }
}
