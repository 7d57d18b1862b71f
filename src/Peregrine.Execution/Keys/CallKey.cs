using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Execution.Keys;

/// <summary>
/// Identifies a call that is to run once: SHA-256 of who called, what was called, and the key that the caller chose. Its parts cannot be read from it, so a journal holds no key and no
/// name of a user. A value of 32 bytes; immutable.
/// </summary>
public readonly struct CallKey : IEquatable<CallKey>
{
    /// <summary>How many bytes a key has.</summary>
    public const int Length = ArgumentHash.Length;

    private readonly ArgumentHash _hash;

    /// <summary>Takes a key from its bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public CallKey(ReadOnlySpan<byte> bytes) => _hash = new ArgumentHash(bytes);

    /// <summary>The key of a call.</summary>
    /// <param name="principal">Who called: two callers with one key never meet.</param>
    /// <param name="name">What was called, UTF-8.</param>
    /// <param name="key">The key that the caller chose, UTF-8.</param>
    public static CallKey Of(string principal, ReadOnlySpan<byte> name, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var principalLength = Encoding.UTF8.GetByteCount(principal);
        var length = 8 + principalLength + name.Length + key.Length;
        var bytes = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, principalLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], name.Length);
        Encoding.UTF8.GetBytes(principal, bytes[8..]);
        name.CopyTo(bytes[(8 + principalLength)..]);
        key.CopyTo(bytes[(8 + principalLength + name.Length)..]);
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes[..length], hash);
        return new CallKey(hash);
    }

    /// <summary>True where both are the same.</summary>
    public static bool operator ==(CallKey left, CallKey right) => left.Equals(right);

    /// <summary>True where they differ.</summary>
    public static bool operator !=(CallKey left, CallKey right) => !left.Equals(right);

    /// <summary>Writes the key.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination) => _hash.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(CallKey other) => _hash == other._hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CallKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash.GetHashCode();

    /// <summary>The key in hexadecimal digits.</summary>
    public override string ToString() => _hash.ToString();
}
