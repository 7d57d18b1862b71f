using System.Security.Cryptography;

namespace Peregrine.Execution.Keys;

/// <summary>
/// One form for JSON values that mean the same: members in the order of their names, numbers by value (<c>1</c>, <c>1.0</c> and <c>10e-1</c> are one), strings by what they spell. What
/// keys of the ledger and of the result cache are made of. Thread-safe.
/// </summary>
/// <remarks>
/// Members that have one name stay in their order, all of them: which one a reader takes is its own affair. A string with a lone surrogate, or a number whose exponent does not
/// fit 64 bits, counts as it is written. No two different values have the same form, so two hashes are equal only where the values are.
/// </remarks>
public static class CanonicalJson
{
    [ThreadStatic]
    private static CanonicalEncoder? s_encoder;

    /// <summary>The SHA-256 of a value's canonical form. Allocates nothing but once a thread, and for values beyond 64 KiB.</summary>
    /// <param name="json">One JSON value, UTF-8, nested at most 64 deep.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not one JSON value.</exception>
    public static ArgumentHash Hash(ReadOnlySpan<byte> json)
    {
        var encoder = s_encoder ??= new CanonicalEncoder();
        Span<byte> hash = stackalloc byte[ArgumentHash.Length];
        SHA256.HashData(encoder.Encode(json), hash);
        encoder.Shrink();
        return new ArgumentHash(hash);
    }

    /// <summary>Adds the canonical form of a value to a hash in the making.</summary>
    /// <param name="hash">Takes the bytes; their length goes ahead.</param>
    /// <param name="json">One JSON value, UTF-8, nested at most 64 deep.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not one JSON value.</exception>
    public static void AppendTo(IncrementalHash hash, ReadOnlySpan<byte> json)
    {
        ArgumentNullException.ThrowIfNull(hash);
        var encoder = s_encoder ??= new CanonicalEncoder();
        var encoded = encoder.Encode(json);
        Span<byte> length = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
        hash.AppendData(length);
        hash.AppendData(encoded);
        encoder.Shrink();
    }
}
