using Peregrine.Execution.Scheduling;

namespace Peregrine.Gateway.Policies;

/// <summary>How much the gateway has to do, and which calls it refuses for that: slow ones first, then normal ones, so that there is room for the others. Thread-safe.</summary>
internal sealed class GatewayLoad
{
    // Of the calls that may be in flight. Slow calls hold their places longest, so that half of them is soon all of them.
    private const double MostForSlow = 0.5;
    private const double MostForNormal = 0.8;

    private volatile MemoryPressure _memory;

    /// <summary>Which part of the calls that may be in flight is: 0 to 1.</summary>
    internal Func<double> Calls { get; set; } = static () => 0;

    /// <summary>How short memory is.</summary>
    internal MemoryPressure Memory
    {
        get => _memory;
        set => _memory = value;
    }

    /// <summary>Why a call of a tier is refused; null where it may go on.</summary>
    internal string? Refuse(CallTier tier)
    {
        if (tier == CallTier.Fast)
        {
            return null;
        }

        if (Memory >= (tier == CallTier.Slow ? MemoryPressure.Soft : MemoryPressure.Hard))
        {
            return "the gateway is short of memory";
        }

        return Calls() > (tier == CallTier.Slow ? MostForSlow : MostForNormal) ? "too many calls are in flight" : null;
    }
}
