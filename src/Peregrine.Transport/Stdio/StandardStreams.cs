using System.Runtime.CompilerServices;
using Peregrine.Transport.Stdio.Unix;
using Peregrine.Transport.Stdio.Windows;

namespace Peregrine.Transport.Stdio;

/// <summary>Takes standard input and output for the protocol alone.</summary>
public static class StandardStreams
{
    /// <summary>
    /// Keeps private, non-inherited duplicates of standard input and output for the protocol; points standard input at the null device and standard output at standard
    /// error. What a tool or its child process prints or reads from then on cannot touch the protocol. Call it before user code runs, once per process.
    /// </summary>
    /// <returns>The channel to the peer. The caller owns it.</returns>
    /// <exception cref="IOException">A standard stream is closed or cannot be redirected.</exception>
    public static BlockingChannel Take()
    {
        BlockingChannel channel;
        if (OperatingSystem.IsWindows())
        {
            channel = new StreamChannel(Console.OpenStandardInput(), Console.OpenStandardOutput());
            WindowsHandles.Redirect();
        }
        else
        {
            var input = UnixDescriptors.DuplicatePrivately(0, write: false);
            var output = UnixDescriptors.DuplicatePrivately(1, write: true);
            UnixDescriptors.PointAtNull(0);
            UnixDescriptors.PointAt(1, 2);
            UnixDescriptors.PointDuplicatesAt(output, kept: input, target: 2);
            channel = new DescriptorChannel(input, output);
        }

        if (OperatingSystem.IsWindows() || MayHaveBeenUsed())
        {
            RedirectConsole();
        }

        return channel;
    }

    // Compiled ahead of time, a program does not say which of its assemblies have run.
    private static bool MayHaveBeenUsed() => !RuntimeFeature.IsDynamicCodeSupported || IsConsoleLoaded();

    // Where nothing has used the console yet, it will find the descriptors as they are now; loading it would make every start a millisecond longer (docs/performance.md, "Start").
    private static bool IsConsoleLoaded()
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.FullName?.StartsWith("System.Console,", StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }

    // A console writer that was made earlier holds a duplicate of the old descriptor. Not inlined, for then the console would be loaded with its caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RedirectConsole()
    {
        Console.SetOut(new StandardErrorWriter());
        Console.SetIn(TextReader.Null);
    }
}
