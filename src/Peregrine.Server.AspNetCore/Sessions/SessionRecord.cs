using System.Buffers.Binary;
using System.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>What a store keeps of a session: format, revision, log level, times, then owner, capabilities, features' state and the client's name, each behind its length.</summary>
internal sealed record SessionRecord(
    ProtocolVersion Version, McpLogLevel? LogLevel, DateTimeOffset Opened, DateTimeOffset LastUsed, string? Owner, ReadOnlyMemory<byte> Capabilities, ReadOnlyMemory<byte> State,
    ReadOnlyMemory<byte> ClientInfo = default)
{
    private const byte Format = 2;

    // Without the client's name.
    private const byte FirstFormat = 1;
    private const int FixedLength = 3 + (2 * sizeof(long));

    internal byte[] ToBytes()
    {
        var owner = Owner is null ? [] : Encoding.UTF8.GetBytes(Owner);
        var bytes = new byte[FixedLength + (4 * sizeof(int)) + owner.Length + Capabilities.Length + State.Length + ClientInfo.Length];
        bytes[0] = Format;
        bytes[1] = (byte)Version;
        bytes[2] = (byte)(LogLevel is { } level ? (int)level + 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(3), Opened.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(3 + sizeof(long)), LastUsed.ToUnixTimeMilliseconds());
        var rest = bytes.AsSpan(FixedLength);
        WritePart(ref rest, owner, Owner is null ? -1 : owner.Length);
        WritePart(ref rest, Capabilities.Span, Capabilities.Length);
        WritePart(ref rest, State.Span, State.Length);
        WritePart(ref rest, ClientInfo.Span, ClientInfo.Length);
        return bytes;
    }

    /// <summary>Reads a record; null where it is none, or of another format.</summary>
    internal static SessionRecord? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedLength || bytes[0] is not (Format or FirstFormat) || bytes[1] is 0 or > (byte)ProtocolVersions.LatestOfSessionEra || bytes[2] > (int)McpLogLevel.Emergency + 1)
        {
            return null;
        }

        var rest = bytes[FixedLength..];
        if (!TryReadPart(ref rest, out var owner, out var hasOwner) || !TryReadPart(ref rest, out var capabilities, out _) || !TryReadPart(ref rest, out var state, out _)
            || !TryReadClient(bytes[0], ref rest, out var client) || !TryReadTime(bytes[3..], out var opened) || !TryReadTime(bytes[(3 + sizeof(long))..], out var lastUsed))
        {
            return null;
        }

        return new SessionRecord((ProtocolVersion)bytes[1], bytes[2] == 0 ? null : (McpLogLevel)(bytes[2] - 1), opened, lastUsed,
            hasOwner ? Encoding.UTF8.GetString(owner) : null, McpClientCapabilitiesCache.Shared.Get(capabilities).Json, state.ToArray(), client.ToArray());
    }

    private static bool TryReadClient(byte format, ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> client)
    {
        client = default;
        return format == FirstFormat || TryReadPart(ref rest, out client, out _);
    }

    private static void WritePart(ref Span<byte> rest, ReadOnlySpan<byte> part, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, length);
        part.CopyTo(rest[sizeof(int)..]);
        rest = rest[(sizeof(int) + part.Length)..];
    }

    private static bool TryReadPart(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> part, out bool isPresent)
    {
        part = default;
        isPresent = false;
        if (!BinaryPrimitives.TryReadInt32LittleEndian(rest, out var length) || length < -1 || length > rest.Length - sizeof(int))
        {
            return false;
        }

        isPresent = length >= 0;
        part = rest.Slice(sizeof(int), Math.Max(length, 0));
        rest = rest[(sizeof(int) + part.Length)..];
        return true;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> bytes, out DateTimeOffset time)
    {
        var milliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var isValid = milliseconds is >= 0 and < 253_402_300_800_000;
        time = isValid ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isValid;
    }
}
