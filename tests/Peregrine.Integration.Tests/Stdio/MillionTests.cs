using System.Buffers.Text;
using System.Collections;
using System.Text;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>A million messages through one process.</summary>
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
        var answered = new BitArray(Messages);
        var (sent, received) = (0, 0);
        List<long> resident = [];
        while (received < Messages)
        {
            sent = Send(child, sent, Math.Min(Messages, received + InFlight));
            Receive(child, answered);
            received++;

            // From six tenths on: a quick machine is there in two seconds, and until then methods are compiled, once more, and buffers grow to their size.
            if (received % (Messages / 20) == 0 && received >= Messages / 10 * 6)
            {
                resident.Add(child.ResidentKiB());
            }
        }

        child.EndInput();
        Assert.True(child.ReceiveLine().IsEmpty);
        child.WaitForExit();

        Assert.Equal(0, child.ExitCode);
        Assert.True(answered.HasAllSet());
        var growth = resident[^1] - resident[0];
        Assert.True(growth <= AllowedGrowthKiB, $"Resident KiB, at every twentieth: {string.Join(", ", resident)}");
    }

    // In batches: a system call a message would only measure this test.
    private static int Send(StdioChild child, int sent, int until)
    {
        if (until - sent < InFlight / 2 && until != Messages)
        {
            return sent;
        }

        var batch = new StringBuilder();
        for (; sent < until; sent++)
        {
            batch.Append("{\"jsonrpc\":\"2.0\",\"id\":").Append(sent).Append(",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"message\":\"hello\"}}}\n");
        }

        if (batch.Length > 0)
        {
            child.Send(Encoding.UTF8.GetBytes(batch.ToString()));
        }

        return sent;
    }

    private static void Receive(StdioChild child, BitArray answered)
    {
        var line = child.ReceiveLine();
        Assert.True(Utf8Parser.TryParse(line["{\"jsonrpc\":\"2.0\",\"id\":"u8.Length..], out int id, out _), Encoding.UTF8.GetString(line));
        Assert.True(line.EndsWith("\"text\":\"hello\"}]}}"u8), Encoding.UTF8.GetString(line));
        Assert.False(answered[id], $"{id} was answered twice.");
        answered[id] = true;
    }
}
