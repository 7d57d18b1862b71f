using System.ComponentModel;
using System.Diagnostics;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The Node of the machine.</summary>
internal static class Node
{
    /// <summary>Its version; 0.0 where there is none.</summary>
    internal static Version Version { get; } = Ask();

    internal static bool Exists => Version.Major > 0;

    private static Version Ask()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            return Version.Parse(process.StandardOutput.ReadToEnd().Trim().TrimStart('v'));
        }
        catch (Win32Exception)
        {
            return new Version(0, 0);
        }
    }
}
