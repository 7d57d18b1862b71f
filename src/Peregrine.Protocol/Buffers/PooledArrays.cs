using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Peregrine.Protocol.Buffers;

/// <summary>
/// The shared array pool. All that rents in the libraries rents here, so that tests of a Debug build can tell what was not given back (<see cref="RentLedger"/>). Thread-safe.
/// </summary>
/// <remarks>Compiled into Peregrine.JsonSchema as well, which builds on nothing.</remarks>
internal static class PooledArrays
{
    /// <summary>Takes an array of at least <paramref name="minimumLength"/>; give it back once, with <see cref="Return"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T[] Rent<T>(int minimumLength)
    {
#pragma warning disable RS0030 // The one place that may.
        var array = ArrayPool<T>.Shared.Rent(minimumLength);
#pragma warning restore RS0030
        RentLedger.Add(array);
        return array;
    }

    /// <summary>Gives an array back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Return<T>(T[] array)
    {
        RentLedger.Remove(array);
#pragma warning disable RS0030 // The one place that may.
        ArrayPool<T>.Shared.Return(array);
#pragma warning restore RS0030
    }

    /// <summary><see cref="Rent{T}"/> for bytes, as a method that is compiled ahead for other assemblies too: the generic one is not, and would be compiled at every start.</summary>
    internal static byte[] RentBytes(int minimumLength) => Rent<byte>(minimumLength);

    /// <summary><see cref="Return{T}"/> for bytes; see <see cref="RentBytes"/>.</summary>
    internal static void ReturnBytes(byte[] array) => Return(array);

    /// <summary>Leaves an array to the collector on purpose: where something that was aborted may still write into it.</summary>
    [Conditional("DEBUG")]
    internal static void Abandon<T>(T[] array) => RentLedger.Remove(array);

    /// <summary>How much an idle owner keeps for its next use. Nothing in a Debug build, where what is idle must have given back all it rented.</summary>
    /// <param name="length">How much it is otherwise.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Kept(int length)
    {
#if DEBUG
        return Math.Min(length, 0);
#else
        return length;
#endif
    }
}
