using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Peregrine.Server.Pagination;

/// <summary>
/// Writes cursors and reads them back: opaque to clients, and authenticated (HMAC-SHA256, 128 bits), so that only a place that this server gave is looked up. Thread-safe.
/// </summary>
internal sealed class CursorSeal
{
    /// <summary>The length of a cursor in characters of base64url.</summary>
    internal const int TextLength = 51;

    private const byte Format = 1;
    private const int PayloadLength = 22;
    private const int TagLength = 16;
    private const int SealedLength = PayloadLength + TagLength;

    // A random one is made by the first cursor: a server whose lists fit one page need not load the cryptography of the platform at its start (docs/performance.md, "Start").
    private byte[]? _key;

    /// <summary>Makes a seal.</summary>
    /// <param name="key">The key; empty takes a random one, whose cursors end with the process.</param>
    internal CursorSeal(ReadOnlyMemory<byte> key) => _key = key.IsEmpty ? null : key.ToArray();

    private byte[] Key => Volatile.Read(ref _key) ?? Interlocked.CompareExchange(ref _key, RandomNumberGenerator.GetBytes(32), null) ?? _key;

    /// <summary>Writes a cursor.</summary>
    internal string Seal(in Cursor cursor)
    {
        Span<byte> bytes = stackalloc byte[SealedLength];
        bytes[0] = Format;
        bytes[1] = (byte)cursor.List;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[2..], cursor.Position);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[6..], cursor.Fingerprint);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[14..], cursor.Anchor);
        Tag(bytes[..PayloadLength], bytes[PayloadLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">What the client sent, unescaped.</param>
    /// <param name="cursor">The place.</param>
    /// <returns>False where it was not written under this key.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> text, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[SealedLength];
        if (text.Length != TextLength || Base64Url.DecodeFromUtf8(text, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != SealedLength)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[TagLength];
        Tag(bytes[..PayloadLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[PayloadLength..]) || bytes[0] != Format)
        {
            return false;
        }

        cursor = new Cursor((ListKind)bytes[1], BinaryPrimitives.ReadInt32LittleEndian(bytes[2..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[14..]));
        return true;
    }

    private void Tag(ReadOnlySpan<byte> payload, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(Key, payload, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
