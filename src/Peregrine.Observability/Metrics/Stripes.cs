#pragma warning disable RS0030 // Thread.GetCurrentProcessorId only reads a number; it neither starts nor blocks anything.
using System.Numerics;

namespace Peregrine.Observability.Metrics;

/// <summary>
/// Chooses, for what many processors write at once, which copy this one writes. Two processors on one counter pass its cache line to and fro on
/// every call.
/// </summary>
internal static class Stripes
{
    /// <summary>Number of copies, a power of two. At most 16: beyond that, reading costs more than the little contention left.</summary>
    internal static readonly int Count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16));

    /// <summary>The copy of the processor this runs on.</summary>
    internal static int Current => Thread.GetCurrentProcessorId() & (Count - 1);
}
