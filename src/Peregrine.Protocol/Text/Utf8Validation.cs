using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Unicode;

namespace Peregrine.Protocol.Text;

/// <summary>
/// Tells whether bytes are UTF-8, several times as fast as <see cref="Utf8.IsValid"/> where much is beyond ASCII: by table look-up in
/// vectors (Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte"). Measured: docs/performance.md, "Envelope".
/// </summary>
internal static class Utf8Validation
{
    // What can be wrong with two bytes in a row. A look-up by each of three half bytes gives the faults that it allows; what all three allow is one.
    private const byte TooShort = 1, TooLong = 2, Overlong3 = 4, TooLarge = 8, Surrogate = 16, Overlong2 = 32, TooLarge1000 = 64, Overlong4 = 64,
        TwoContinuations = 128, Carry = TooShort | TooLong | TwoContinuations;

    private static readonly Vector256<byte> FirstHigh = Twice(
        TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong,
        TwoContinuations, TwoContinuations, TwoContinuations, TwoContinuations,
        TooShort | Overlong2, TooShort, TooShort | Overlong3 | Surrogate, TooShort | TooLarge | TooLarge1000 | Overlong4);

    private static readonly Vector256<byte> FirstLow = Twice(
        Carry | Overlong3 | Overlong2 | Overlong4, Carry | Overlong2, Carry, Carry,
        Carry | TooLarge, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000,
        Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000,
        Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000 | Surrogate, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000);

    private static readonly Vector256<byte> SecondHigh = Twice(
        TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge1000 | Overlong4,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooShort, TooShort, TooShort, TooShort);

    /// <summary>True where <paramref name="text"/> is valid UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        // Every byte is judged with the three before it, and a sequence that the end cuts off would go unseen: JSON begins and ends in ASCII,
        // so the vectors may begin behind three such bytes and rely on the last.
        if (!Avx2.IsSupported || text.Length < 3 + Vector256<byte>.Count || (text[0] | text[1] | text[2] | text[^1]) >= 0x80)
        {
            return Utf8.IsValid(text);
        }

        ref var start = ref MemoryMarshal.GetReference(text);
        var fault = Vector256<byte>.Zero;
        var last = text.Length - Vector256<byte>.Count;
        for (var p = 3; p < last; p += Vector256<byte>.Count)
        {
            fault |= FaultAt(ref start, p);
        }

        // The last vector overlaps the one before: what is judged twice is judged alike.
        return (fault | FaultAt(ref start, last)) == Vector256<byte>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> FaultAt(ref byte start, int p)
    {
        var bytes = Vector256.LoadUnsafe(ref start, (nuint)p);
        var before3 = Vector256.LoadUnsafe(ref start, (nuint)(p - 3));
        if ((bytes | before3).ExtractMostSignificantBits() == 0)
        {
            return Vector256<byte>.Zero;
        }

        var before1 = Vector256.LoadUnsafe(ref start, (nuint)(p - 1));
        var before2 = Vector256.LoadUnsafe(ref start, (nuint)(p - 2));
        var low = Vector256.Create((byte)0x0F);
        var faults = Avx2.Shuffle(FirstHigh, (before1.AsUInt16() >> 4).AsByte() & low)
            & Avx2.Shuffle(FirstLow, before1 & low)
            & Avx2.Shuffle(SecondHigh, (bytes.AsUInt16() >> 4).AsByte() & low);

        // The third and fourth byte of a sequence must be the second continuation in a row, and no other may be.
        var mustContinue = Avx2.SubtractSaturate(before2, Vector256.Create((byte)(0xE0 - 0x80))) | Avx2.SubtractSaturate(before3, Vector256.Create((byte)(0xF0 - 0x80)));
        return (mustContinue & Vector256.Create((byte)0x80)) ^ faults;
    }

    private static Vector256<byte> Twice(params ReadOnlySpan<byte> table) => Vector256.Create(Vector128.Create(table), Vector128.Create(table));
}
