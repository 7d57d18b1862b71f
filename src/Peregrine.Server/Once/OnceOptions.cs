using Peregrine.Execution.Ledger;

namespace Peregrine.Server.Once;

/// <summary>How calls with a key are run once. Immutable; change it with <c>with</c>. Where the ledger is kept is said to the builder.</summary>
public sealed record OnceOptions
{
    /// <summary>The defaults.</summary>
    public static OnceOptions Default { get; } = new();

    /// <summary>Whether the ledger is used at first; the switch <c>ledger</c> turns it on and off while the server runs.</summary>
    /// <value>True.</value>
    public bool IsOn { get; init; } = true;

    /// <summary>How long a client may repeat a call after its first attempt. 10 seconds to 7 days.</summary>
    /// <value>Five minutes.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How far the clock of a client may be off. Keys are kept so much longer than <see cref="Window"/>, and a call that claims to come from farther in the future is refused. Zero to one day.
    /// </summary>
    /// <value>One minute.</value>
    public TimeSpan ClockAllowance { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the owner of a call may be silent before others take it for lost, where other machines share the ledger. One second to one hour.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much a ledger in memory keeps.</summary>
    public LedgerLimits Memory { get; init; } = LedgerLimits.Default;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Window < TimeSpan.FromSeconds(10) || Window > TimeSpan.FromDays(7))
        {
            faults.Add($"{nameof(Window)} is {Window}; it must be from 10 seconds to 7 days.");
        }

        if (ClockAllowance < TimeSpan.Zero || ClockAllowance > TimeSpan.FromDays(1))
        {
            faults.Add($"{nameof(ClockAllowance)} is {ClockAllowance}; it must be from zero to one day.");
        }

        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(Lease)} is {Lease}; it must be from one second to one hour.");
        }

        foreach (var fault in Memory.Validate())
        {
            faults.Add($"{nameof(Memory)}: {fault}");
        }

        return faults;
    }
}
