using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Gateway.Configuration;

/// <summary>What the admin API asks for: a token, of which a hash alone is kept, so that nothing can show it. Immutable and thread-safe.</summary>
public sealed class AdminKey : IEquatable<AdminKey>
{
    /// <summary>The least number of characters that a token has.</summary>
    public const int MinLength = 16;

    private readonly byte[] _hash;

    /// <summary>Makes a key.</summary>
    /// <param name="token">The token, <see cref="MinLength"/> characters or more.</param>
    /// <exception cref="ArgumentException">The token is too short.</exception>
    public AdminKey(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length < MinLength)
        {
            throw new ArgumentException($"A token has at least {MinLength} characters.", nameof(token));
        }

        _hash = Hash(token);
    }

    /// <summary>True where <paramref name="token"/> is the one. Takes as long for any token of one length.</summary>
    public bool Matches(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return CryptographicOperations.FixedTimeEquals(Hash(token), _hash);
    }

    /// <inheritdoc/>
    public bool Equals(AdminKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AdminKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
