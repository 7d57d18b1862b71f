#if DEBUG
using System.Diagnostics;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.Tests.Buffers;

/// <summary>The ledger that tests of Debug builds look into after every test sees what is lost, and what goes back twice.</summary>
public sealed class RentLedgerTests
{
    [Fact]
    public void WhatIsRentedStandsInItUntilItIsBack()
    {
        var rented = PooledArrays.Rent<char>(100);
        Assert.Contains(nameof(WhatIsRentedStandsInItUntilItIsBack), Traces(rented)?.ToString(), StringComparison.Ordinal);

        PooledArrays.Return(rented);
        Assert.Null(Traces(rented));
    }

    [Fact]
    public void AWriterGivesAllBackWhenItIsCleared()
    {
        using var writer = new PooledByteWriter();
        writer.Write("much"u8);
        Assert.Single(Open());

        writer.Clear();
        Assert.Empty(Open());
    }

    [Fact]
    public void WhatGoesBackTwiceIsSeen()
    {
        RentLedger.Remove(new byte[3]);

        var fault = Assert.Single(Open());
        Assert.Equal("was given back without being rented", fault);
        lock (BalancedBuffersAttribute.Ledger)
        {
            BalancedBuffersAttribute.Ledger.Remove(fault);
        }
    }

    [Fact]
    public void WhatIsLeftToTheCollectorIsNotMissed()
    {
        PooledArrays.Abandon(PooledArrays.Rent<byte>(100));

        Assert.Empty(Open());
    }

    private static object[] Open()
    {
        lock (BalancedBuffersAttribute.Ledger)
        {
            return [.. BalancedBuffersAttribute.Ledger.Keys];
        }
    }

    private static StackTrace? Traces(object rented)
    {
        lock (BalancedBuffersAttribute.Ledger)
        {
            return BalancedBuffersAttribute.Ledger.GetValueOrDefault(rented);
        }
    }
}
#endif
