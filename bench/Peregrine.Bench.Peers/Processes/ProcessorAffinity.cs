using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>Which processors the calling thread, and all that it starts from then on, may use.</summary>
internal static unsafe partial class ProcessorAffinity
{
    private const int Words = 16;

    /// <summary>The processors allowed now, ascending.</summary>
    public static int[] Get()
    {
        ulong* mask = stackalloc ulong[Words];
        if (GetNative(0, Words * sizeof(ulong), mask) < 0)
            throw new Win32Exception();
        var processors = new List<int>();
        for (int processor = 0; processor < Words * 64; processor++)
        {
            if ((mask[processor / 64] >> (processor % 64) & 1) == 1)
                processors.Add(processor);
        }

        return [.. processors];
    }

    public static void Set(ReadOnlySpan<int> processors)
    {
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        foreach (int processor in processors)
            mask[processor / 64] |= 1UL << (processor % 64);
        if (SetNative(0, Words * sizeof(ulong), mask) < 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetNative(int process, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetNative(int process, nuint size, ulong* mask);
}
