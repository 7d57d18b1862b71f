using System.Diagnostics;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>How the process ends.</summary>
public sealed class EndTests
{
    private const int Tries = 4;

    [Fact]
    public void AtTheEndOfInputItIsGoneWithinASecondWithCallsInFlight()
    {
        List<double> seconds = [];
        for (var i = 0; i < Tries; i++)
        {
            using var child = StdioChild.StartSample();
            var early = StartCalls(child);
            var ended = Stopwatch.GetTimestamp();
            child.EndInput();
            var replies = ReceiveRest(child);
            child.WaitForExit();
            seconds.Add(Stopwatch.GetElapsedTime(ended).TotalSeconds);

            // The quick ones are answered, the long ones cancelled.
            Assert.Equal(Enumerable.Range(0, 50), early.Concat(replies).Order());
            Assert.Equal(0, child.ExitCode);
            if (seconds[^1] <= 1)
            {
                return;
            }
        }

        Assert.Fail($"Seconds from the end of the input to the end of the process: {string.Join(", ", seconds)}.");
    }

    [Fact]
    public void WithoutCallsItIsGoneAtOnce()
    {
        List<double> seconds = [];
        for (var i = 0; i < Tries; i++)
        {
            using var child = StdioChild.StartSample();
            child.Send(StdioChild.Request("1", "ping"));
            Assert.Equal(1, child.Receive().GetProperty("id").GetInt32());
            var ended = Stopwatch.GetTimestamp();
            child.EndInput();
            child.WaitForExit();
            seconds.Add(Stopwatch.GetElapsedTime(ended).TotalSeconds);
            Assert.Equal(0, child.ExitCode);
            if (seconds[^1] <= 0.25)
            {
                return;
            }
        }

        Assert.Fail($"Seconds from the end of the input to the end of the process: {string.Join(", ", seconds)}.");
    }

    [Fact]
    public void EveryCallBeforeTheEndOfInputIsAnswered()
    {
        for (var round = 0; round < 10; round++)
        {
            using var child = StdioChild.StartSample();
            child.Send([.. Enumerable.Range(0, 500).Select(static i => StdioChild.Call($"{i}", "echo", """{"message":"m"}"""))]);
            child.EndInput();

            Assert.Equal(Enumerable.Range(0, 500), ReceiveRest(child).Order());
            child.WaitForExit();
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void ASignalEndsItLikeTheEndOfInput(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var child = StdioChild.StartSample();
        var early = StartCalls(child);

        using var kill = Process.Start("kill", ["-" + signal, $"{child.Id}"]);
        kill.WaitForExit();
        var replies = ReceiveRest(child);
        child.WaitForExit();

        Assert.Equal(Enumerable.Range(0, 50), early.Concat(replies).Order());
        Assert.Equal(0, child.ExitCode);
        Assert.DoesNotContain("xception", child.Errors, StringComparison.Ordinal);
    }

    // Fifty calls that end soon, and a hundred that do not; all of them running before this returns.
    private static List<int> StartCalls(StdioChild child)
    {
        // Start-up is not what is measured.
        child.Send(StdioChild.Request("1000", "ping"));
        Assert.Equal(1000, child.Receive().GetProperty("id").GetInt32());
        var messages = new List<string>();
        for (var i = 0; i < 150; i++)
        {
            messages.Add(StdioChild.Call($"{i}", i < 120 ? "sleep" : "block", i < 50 ? """{"ms":60}""" : """{"ms":60000}"""));
        }

        messages.Add(StdioChild.Request("1001", "ping"));
        child.Send([.. messages]);

        // On a busy machine some end before the ping behind them is answered.
        List<int> ids = [];
        for (var id = child.Receive().GetProperty("id").GetInt32(); id != 1001; id = child.Receive().GetProperty("id").GetInt32())
        {
            ids.Add(id);
        }

        return ids;
    }

    private static List<int> ReceiveRest(StdioChild child)
    {
        List<int> ids = [];
        while (child.ReceiveLine() is { IsEmpty: false } line)
        {
            using var reply = System.Text.Json.JsonDocument.Parse(line.ToArray());
            Assert.True(reply.RootElement.TryGetProperty("result", out _), reply.RootElement.GetRawText());
            ids.Add(reply.RootElement.GetProperty("id").GetInt32());
        }

        return ids;
    }
}
