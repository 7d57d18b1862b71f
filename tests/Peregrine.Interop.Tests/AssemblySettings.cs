using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Processes, ports and deadlines: one test at a time, so that none waits for another's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Peregrine.Interop.Tests;

internal static class AssemblySettings
{
    // The programs that are started find the runtime by themselves only where it is installed in the default place.
    [ModuleInitializer]
    internal static void PointToRuntime() =>
        Environment.SetEnvironmentVariable("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));
}
