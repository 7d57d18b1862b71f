using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Peregrine.Server.Interaction.State;

/// <summary>
/// Seals what a call of the stateless era has to remember until its client answers, and opens it again (2026-07-28, multi round-trip requests, request state). The client keeps it, so
/// it is encrypted and authenticated: AES-256-GCM under a key derived for each state, with the request it belongs to as associated data. Thread-safe.
/// </summary>
/// <remarks>Form, before base64url without padding: version (1) · salt (16) · nonce (12) · tag (16) · ciphertext of expiry (8, Unix milliseconds, big-endian) and contents.</remarks>
internal sealed class RequestStateSealer
{
    /// <summary>The longest state, as it is on the wire. A client sends it back with every round.</summary>
    internal const int MaxLength = 16 * 1024;

    private const byte FormVersion = 1;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int ExpiryBytes = 8;
    private const int HeadBytes = 1 + SaltBytes + NonceBytes + TagBytes;

    // A random one is made by the first question (docs/performance.md, "Start").
    private byte[]? _key;
    private readonly byte[]? _previousKey;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;

    internal RequestStateSealer(McpStateOptions options, TimeProvider time)
    {
        _key = options.Key.IsEmpty ? null : options.Key.ToArray();
        _previousKey = options.PreviousKey.IsEmpty ? null : options.PreviousKey.ToArray();
        _lifetime = options.Lifetime;
        _time = time;
    }

    private byte[] Key => Volatile.Read(ref _key) ?? Interlocked.CompareExchange(ref _key, RandomNumberGenerator.GetBytes(McpStateOptions.KeyBytes), null) ?? _key;

    /// <summary>Seals <paramref name="contents"/> for the request that <paramref name="binding"/> stands for.</summary>
    /// <returns>The state; null where it would be longer than <see cref="MaxLength"/>.</returns>
    internal string? Seal(ReadOnlySpan<byte> contents, ReadOnlySpan<byte> binding)
    {
        var length = HeadBytes + ExpiryBytes + contents.Length;
        if (Base64Url.GetEncodedLength(length) > MaxLength)
        {
            return null;
        }

        Span<byte> plain = new byte[ExpiryBytes + contents.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, (_time.GetUtcNow() + _lifetime).ToUnixTimeMilliseconds());
        contents.CopyTo(plain[ExpiryBytes..]);

        Span<byte> state = new byte[length];
        state[0] = FormVersion;
        var salt = state.Slice(1, SaltBytes);
        var nonce = state.Slice(1 + SaltBytes, NonceBytes);
        RandomNumberGenerator.Fill(state.Slice(1, SaltBytes + NonceBytes));
        using var cipher = CipherFor(Key, salt);
        cipher.Encrypt(nonce, plain, state[HeadBytes..], state.Slice(1 + SaltBytes + NonceBytes, TagBytes), binding);
        CryptographicOperations.ZeroMemory(plain);
        return Base64Url.EncodeToString(state);
    }

    /// <summary>Opens a state that a client sent back.</summary>
    /// <param name="text">What the client sent. May be anything.</param>
    /// <param name="binding">The request that it came with.</param>
    /// <param name="contents">What was sealed.</param>
    internal OpenResult TryOpen(ReadOnlySpan<char> text, ReadOnlySpan<byte> binding, out byte[] contents)
    {
        contents = [];
        if (text.Length > MaxLength || !TryDecode(text, out var state) || state.Length < HeadBytes + ExpiryBytes || state[0] != FormVersion)
        {
            return OpenResult.Foreign;
        }

        var plain = new byte[state.Length - HeadBytes];
        if (!TryDecrypt(Key, state, binding, plain) && (_previousKey is null || !TryDecrypt(_previousKey, state, binding, plain)))
        {
            return OpenResult.Foreign;
        }

        if (BinaryPrimitives.ReadInt64BigEndian(plain) <= _time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return OpenResult.Expired;
        }

        contents = plain[ExpiryBytes..];
        return OpenResult.Opened;
    }

    // Only the one text that was given out is taken: another text for the same bytes, with white space, padding or unused bits, is a change too.
    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] state)
    {
        state = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, state, out var written))
        {
            return false;
        }

        state = state[..written];
        return text.SequenceEqual(Base64Url.EncodeToString(state));
    }

    private static bool TryDecrypt(byte[] key, ReadOnlySpan<byte> state, ReadOnlySpan<byte> binding, byte[] plain)
    {
        using var cipher = CipherFor(key, state.Slice(1, SaltBytes));
        try
        {
            cipher.Decrypt(state.Slice(1 + SaltBytes, NonceBytes), state[HeadBytes..], state.Slice(1 + SaltBytes + NonceBytes, TagBytes), plain, binding);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    // A key for each state: random nonces under one key would collide some day, on nodes that share it for years.
    private static AesGcm CipherFor(byte[] key, ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[McpStateOptions.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, "peregrine request state 1"u8);
        var cipher = new AesGcm(derived, TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
