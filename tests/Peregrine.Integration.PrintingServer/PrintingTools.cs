using System.Diagnostics;
using System.Runtime.InteropServices;
using Peregrine.Server.Tools;

namespace Peregrine.Integration.PrintingServer;

/// <summary>A tool that does to standard output and input all that it should not.</summary>
[McpTools]
internal sealed partial class PrintingTools(TextWriter early)
{
    /// <summary>Prints in every way there is, and starts a child that prints and reads.</summary>
    [McpTool]
    public async Task<string> Print()
    {
        Console.WriteLine("printed by Console");
        Console.Out.Flush();
        await early.WriteLineAsync("printed by an early writer");
        await early.FlushAsync();
        using (var output = Console.OpenStandardOutput())
        {
            output.Write("printed by a stream\n"u8);
        }

        // Not redirected: the child has what this process has.
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "echo printed by a child; cat"]) { UseShellExecute = false })!;
        await child.WaitForExitAsync();
        var native = "printed natively\n"u8;
        var written = Write(1, ref MemoryMarshal.GetReference(native), native.Length);
        return $"child {child.ExitCode}, native {written}, input {await Console.In.ReadLineAsync() ?? "ended"}";
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ref byte bytes, nint count);
}
