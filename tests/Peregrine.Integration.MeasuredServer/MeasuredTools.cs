using Peregrine.Server.Tools;

namespace Peregrine.Integration.MeasuredServer;

/// <summary>A tool that is called, and one that says what the process holds.</summary>
[McpTools]
internal sealed class MeasuredTools(bool leaks)
{
    private readonly List<short> _leaked = [];

    /// <summary>Returns the message.</summary>
    [McpTool]
    public string Echo(string message)
    {
        if (leaks)
        {
            lock (_leaked)
            {
                _leaked.Add((short)message.Length);
            }
        }

        return message;
    }

    /// <summary>The bytes of all objects that are still in use.</summary>
    [McpTool]
    public static long LiveHeap()
    {
        // What has finalizers is gone only the second time, and pools let go of what was not used between two collections.
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
