namespace Peregrine.Server.AspNetCore.Tests.Allocation;

/// <summary>What the process keeps, for tests that run alone.</summary>
internal static class LiveHeap
{
    /// <summary>Bytes in use, without the pinned heap: there lie the host's buffers, which it takes in blocks and gives back when it likes.</summary>
    internal static long Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        var bytes = 0L;
        foreach (ref readonly var generation in GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[..4])
        {
            bytes += generation.SizeAfterBytes - generation.FragmentationAfterBytes;
        }

        return bytes;
    }

    /// <summary>
    /// The middle one of three figures within a hundredth of each other, or null. What earlier tests left is given back at times of its own, and what all streams share grows in steps: either spoils a figure now and then.
    /// </summary>
    internal static double? Agreed(List<double> figures)
    {
        var sorted = figures.Order().ToArray();
        for (var i = 2; i < sorted.Length; i++)
        {
            if (sorted[i - 2] > sorted[i] * 0.99)
            {
                return sorted[i - 1];
            }
        }

        return null;
    }
}
