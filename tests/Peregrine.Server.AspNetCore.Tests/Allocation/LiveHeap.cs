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
}
