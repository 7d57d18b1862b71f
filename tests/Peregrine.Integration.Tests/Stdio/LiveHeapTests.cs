using System.Globalization;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>What a process holds after many messages, counted when the collector has taken all that it can. So a byte a message is seen, which resident memory hides.</summary>
[Trait("Category", "Slow")]
public sealed class LiveHeapTests
{
    private const int InFlight = 256;
    private const int Before = 100_000;
    private const int Messages = 900_000;
    private const double AllowedPerMessage = 1;

    [Fact]
    public void NothingOfAMessageStays() => Assert.InRange(GrowthPerMessage([]), double.NegativeInfinity, AllowedPerMessage);

    [Fact]
    public void TwoBytesOfEachMessageWouldBeSeen() => Assert.InRange(GrowthPerMessage(["leak"]), 1.5 * AllowedPerMessage, 4);

    private static double GrowthPerMessage(string[] arguments)
    {
        using var child = StdioChild.Start(BuiltPrograms.MeasuredServer, arguments);
        var echo = new StdioEcho(child, InFlight);
        echo.Run(Before);
        var before = LiveHeap(child);
        echo.Run(Messages);
        var after = LiveHeap(child);
        child.EndInput();
        child.WaitForExit();
        var growth = (double)(after - before) / Messages;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"live heap {before:N0} B after {Before:N0} messages, {after:N0} B after {Messages:N0} more: {growth:F3} B a message"));
        return growth;
    }

    private static long LiveHeap(StdioChild child)
    {
        child.Send(StdioChild.Call("\"heap\"", "live_heap", "{}"));
        var text = child.Receive().GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
        return long.Parse(text, CultureInfo.InvariantCulture);
    }
}
