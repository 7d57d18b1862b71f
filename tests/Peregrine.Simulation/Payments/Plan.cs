using Peregrine.Execution.Stores;
using Peregrine.Simulation.Network;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Payments;

/// <summary>What a seed simulates.</summary>
internal sealed record Plan
{
    internal required LedgerKind Ledger { get; init; }

    internal required bool Reconciles { get; init; }

    internal required int Calls { get; init; }

    internal required Faults Faults { get; init; }

    /// <summary>How likely the server is killed at each step.</summary>
    internal required double Kill { get; init; }

    internal required double PowerLoss { get; init; }

    internal required double DiskFailure { get; init; }

    /// <summary>Puts a faulty ledger around the real one.</summary>
    internal Func<ICallLedger, SimWorld, SimProcess, ICallLedger>? Plant { get; init; }

    internal static Plan Of(Random random) => new()
    {
        Ledger = (LedgerKind)random.Next(3),
        Reconciles = random.Next(2) == 0,
        Calls = 1 + random.Next(5),
        Faults = random.Next(3) == 0 ? default : new Faults(random.NextDouble() * 0.2, random.NextDouble() * 0.3, random.NextDouble() * 0.05),
        Kill = random.Next(3) == 0 ? 0 : random.NextDouble() * 0.02,
        PowerLoss = random.NextDouble() * 0.5,
        DiskFailure = random.Next(3) == 0 ? random.NextDouble() * 0.1 : 0,
    };
}
