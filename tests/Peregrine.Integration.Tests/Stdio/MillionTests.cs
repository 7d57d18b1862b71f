using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>A million messages through one process. What a message leaves behind is measured by <see cref="LiveHeapTests"/>; here it is seen that resident memory follows.</summary>
public sealed class MillionTests
{
    private const int Messages = 1_000_000;
    private const int InFlight = 512;
    private const long AllowedGrowthKiB = 16 * 1024;

    [Fact]
    [Trait("Category", "Slow")]
    public void NoneIsLostAndMemoryStaysFlat()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from /proc.");
        using var child = StdioChild.StartSampleWithSmallHeap();
        List<long> resident = [];
        new StdioEcho(child, InFlight).Run(Messages, received =>
        {
            // From six tenths on: a quick machine is there in two seconds, and until then methods are compiled, once more, and buffers grow to their size.
            if (received % (Messages / 20) == 0 && received >= Messages / 10 * 6)
            {
                resident.Add(child.ResidentKiB());
            }
        });

        child.EndInput();
        Assert.True(child.ReceiveLine().IsEmpty);
        child.WaitForExit();

        Assert.Equal(0, child.ExitCode);
        var growth = resident[^1] - resident[0];
        Assert.True(growth <= AllowedGrowthKiB, $"Resident KiB, at every twentieth: {string.Join(", ", resident)}");
    }
}
