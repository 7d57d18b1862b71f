using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Execution.Keys;

/// <summary>
/// SHA-256 of arguments in canonical form: arguments that mean the same have the same hash, and nobody can find others that have it. A value of 32 bytes; immutable.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ArgumentHash : IEquatable<ArgumentHash>
{
    /// <summary>How many bytes a hash has.</summary>
    public const int Length = 32;

    private readonly Vector256<byte> _bytes;

    /// <summary>Takes a hash from its bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public ArgumentHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A hash has {Length} bytes; these are {bytes.Length}.", nameof(bytes));
        }

        _bytes = Vector256.Create(bytes);
    }

    /// <summary>The hash of arguments; see <see cref="CanonicalJson.Hash"/>.</summary>
    /// <param name="arguments">One JSON value; empty stands for <c>{}</c>, as MCP has it where arguments are left out.</param>
    public static ArgumentHash Of(ReadOnlySpan<byte> arguments) => CanonicalJson.Hash(arguments.IsEmpty ? "{}"u8 : arguments);

    /// <summary>True where both are the same.</summary>
    public static bool operator ==(ArgumentHash left, ArgumentHash right) => left.Equals(right);

    /// <summary>True where they differ.</summary>
    public static bool operator !=(ArgumentHash left, ArgumentHash right) => !left.Equals(right);

    /// <summary>Writes the hash.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(ArgumentHash other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ArgumentHash other && Equals(other);

    /// <summary>The first four bytes: they are as good as random.</summary>
    public override int GetHashCode() => _bytes.AsInt32().ToScalar();

    /// <summary>The hash in hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
