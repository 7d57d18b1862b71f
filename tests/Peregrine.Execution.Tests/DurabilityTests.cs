using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Tests;

/// <summary>The order of durabilities is their strength: what is asked for is compared with what a store has.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public void AStrongerDurabilityIsGreater() => Assert.True(Durability.Cluster > Durability.Journal && Durability.Journal > Durability.Memory);
}
