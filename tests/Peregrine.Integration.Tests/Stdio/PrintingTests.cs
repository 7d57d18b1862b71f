using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>What tools and their children print and read cannot touch the protocol.</summary>
public sealed class PrintingTests
{
    [Fact]
    public void TheConversationStaysIntact()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tool starts a shell of Unix.");
        using var child = StdioChild.Start(BuiltPrograms.PrintingServer, []);

        // All in one piece: a child that read the server's input would take the calls behind the first.
        var messages = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            messages.Add(StdioChild.Call($"{i}", "print", "{}"));
            messages.Add(StdioChild.Request($"\"{i}\"", "ping"));
        }

        child.Send([.. messages]);
        HashSet<string> ids = [];
        for (var i = 0; i < 20; i++)
        {
            // Each line of standard output must be a whole reply.
            var reply = child.Receive();
            var id = reply.GetProperty("id").GetRawText();
            Assert.True(ids.Add(id), id);
            if (!id.StartsWith('"'))
            {
                Assert.Equal("child 0, native 17, input ended", reply.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
            }
        }

        child.EndInput();
        Assert.True(child.ReceiveLine().IsEmpty);
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        foreach (var printed in new[] { "printed by Console", "printed by an early writer", "printed by a stream", "printed by a child", "printed natively" })
        {
            Assert.Equal(10, child.Errors.Split(printed).Length - 1);
        }
    }
}
