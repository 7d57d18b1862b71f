namespace Peregrine.Simulation.Payments;

/// <summary>One order as its client sees it.</summary>
internal sealed class PaidOrder(string key)
{
    internal string Key => key;

    /// <summary>The epoch of the ledger at the first attempt.</summary>
    internal string? Epoch { get; private set; }

    internal DateTimeOffset First { get; private set; }

    internal int NextAttempt { get; set; }

    /// <summary>The stored parts of the results that came; one, if all is well.</summary>
    internal SortedSet<string> Results { get; } = new(StringComparer.Ordinal);

    internal bool IsUnknown { get; set; }

    internal void Begin(string epoch, DateTimeOffset now)
    {
        if (Epoch is null)
        {
            (Epoch, First) = (epoch, now);
        }
    }
}
