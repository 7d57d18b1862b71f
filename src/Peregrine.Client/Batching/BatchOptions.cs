using Peregrine.Execution.Resilience;

namespace Peregrine.Client.Batching;

/// <summary>How many calls are made together.</summary>
public sealed record BatchOptions
{
    /// <summary>How many run at once; null (the default) finds it by itself, within <see cref="Adaptive"/>. 1 to 100,000.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The bounds within which it is found. Default: 1 to 256, beginning with 4.</summary>
    public AdaptiveLimitOptions Adaptive { get; init; } = new();

    /// <summary>How long one call may take from its beginning, all attempts included; zero (the default) for no bound but the client's own.</summary>
    public TimeSpan ItemTimeout { get; init; }

    /// <summary>Takes each result as soon as it is there, in the order in which they come; it is also in the list. Called by many at once: it must be thread-safe and return soon. Null for none.</summary>
    public Action<int, ToolCallResult>? OnResult { get; init; }

    /// <summary>Throws where the settings are not valid, naming all faults.</summary>
    internal void Validate()
    {
        List<string> faults = [];
        if (Concurrency is < 1 or > 100_000)
        {
            faults.Add($"Concurrency is {Concurrency}: it may be 1 to 100000.");
        }

        if (ItemTimeout < TimeSpan.Zero || ItemTimeout > TimeSpan.FromDays(1))
        {
            faults.Add($"ItemTimeout is {ItemTimeout.TotalSeconds} s: it may be 0 to 86400 s.");
        }

        if (Adaptive is null)
        {
            faults.Add("Adaptive is null.");
        }
        else
        {
            Adaptive.Validate(faults, "Adaptive");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
