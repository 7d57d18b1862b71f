using System.Diagnostics;
using Peregrine.Load.Resources;

namespace Peregrine.Load.Tests.Resources;

public sealed class ProcessTableTests
{
    [Fact]
    public void The_lists_of_children_and_the_whole_table_show_the_same_tree()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("reads /proc");
            return;
        }

        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 1000 & sh -c 'sleep 1000 & echo; wait' & wait"]) { RedirectStandardOutput = true })!;
        try
        {
            // The inner shell has started its child before it prints; the outer one's was started before that.
            Assert.NotNull(shell.StandardOutput.ReadLine());
            int[] tree = [.. ProcessTable.TreeOf(shell.Id).Order()];
            Assert.Equal(4, tree.Length);
            Assert.Equal(ProcessTable.TreeByParents(shell.Id).Order(), tree);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }
}
