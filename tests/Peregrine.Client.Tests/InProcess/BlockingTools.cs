using Peregrine.Server.Tools;

namespace Peregrine.Client.Tests.InProcess;

[McpTools]
public sealed class BlockingTools(ManualResetEventSlim gate)
{
    /// <summary>Holds its thread until the gate opens, without a word that it does.</summary>
    [McpTool]
#pragma warning disable PRG023 // A tool whose author did not know is what is tested.
    public string Block() => gate.Wait(TestTime.Limit) ? "open" : "closed";
#pragma warning restore PRG023

    /// <summary>Opens the gate once its report is sent.</summary>
    [McpTool]
    public async Task<string> Report(McpCall call)
    {
        await call.ReportProgressAsync(0.5);
        gate.Set();
        return "reported";
    }

    /// <summary>Reports so many times.</summary>
    [McpTool]
    public static async Task<string> Steps(McpCall call, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await call.ReportProgressAsync(i, count);
        }

        return "done";
    }
}
