using System.Runtime.CompilerServices;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>Which names an object has had so far: a bit each for those known, and a filter of the others that says whether two may be equal.</summary>
internal struct MemberNames
{
    public const int Version = 1, Id = 2, Method = 4, Params = 8, Result = 16, Error = 32;

    public const int Name = 1, Uri = 2, Cursor = 4, TaskId = 8, Arguments = 16, RequestId = 32, InitializeVersion = 64, ProgressToken = 128, Meta = 256;

    public const int MetaProgressToken = 1, MetaVersion = 2, ClientInfo = 4, ClientCapabilities = 8, LogLevel = 16, Transaction = 32;

    private int _known;
    private ulong _others;

    /// <summary>The objects whose names differ.</summary>
    public enum Level
    {
        Top,
        Params,
        Meta,
    }

    /// <summary>True where two names that are not known ones may be equal: they must be compared.</summary>
    public bool MayRepeat { get; private set; }

    /// <summary>True where the message has more than one id.</summary>
    public bool AmbiguousId { get; set; }

    /// <summary>Adds a known name (0: none of them); false where it was there before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(int bit)
    {
        var isNew = (_known & bit) == 0;
        _known |= bit;
        return isNew;
    }

    /// <summary>Reads a name however it is written, and moves <paramref name="p"/> to its value; negative at a fault. Gives its bit, or 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Read(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref int p, Level level)
    {
        var start = p;
        if (start >= message.Length || message[start] != (byte)'"')
        {
            p = -1;
            return 0;
        }

        var end = scanner.SkipString(start);
        p = end < 0 ? end : scanner.SkipColon(end);
        if (p < 0)
        {
            return 0;
        }

        p = scanner.SkipWhitespace(p);
        scoped var name = message[(start + 1)..(end - 1)];
        Span<byte> buffer = stackalloc byte[48];
        var isEscaped = name.IndexOf((byte)'\\') >= 0;
        if (isEscaped)
        {
            // One that does not fit in there is none of the known names.
            name = JsonText.TryUnescape(name, buffer, out var written) ? buffer[..written] : default;
        }

        var bit = level switch
        {
            Level.Top => Top(name),
            Level.Params => Param(name),
            _ => MetaMember(name),
        };
        if (bit == 0)
        {
            AddOther(name, isEscaped);
        }

        return bit;
    }

    // 64 places tell a handful of names apart; where two fall into one place they are compared, which costs time but decides nothing wrongly.
    private void AddOther(ReadOnlySpan<byte> name, bool isEscaped)
    {
        var place = name.IsEmpty ? 0 : (name.Length * 5) + (name[0] * 7) + (name[^1] * 11) + name[name.Length / 2];
        var bit = 1UL << (place & 63);
        MayRepeat |= isEscaped || (_others & bit) != 0;
        _others |= bit;
    }

    private static int Top(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("id"u8) => Id,
        _ when name.SequenceEqual("jsonrpc"u8) => Version,
        _ when name.SequenceEqual("method"u8) => Method,
        _ when name.SequenceEqual("params"u8) => Params,
        _ when name.SequenceEqual("result"u8) => Result,
        _ when name.SequenceEqual("error"u8) => Error,
        _ => 0,
    };

    private static int Param(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("name"u8) => Name,
        _ when name.SequenceEqual("arguments"u8) => Arguments,
        _ when name.SequenceEqual("_meta"u8) => Meta,
        _ when name.SequenceEqual("uri"u8) => Uri,
        _ when name.SequenceEqual("cursor"u8) => Cursor,
        _ when name.SequenceEqual("taskId"u8) => TaskId,
        _ when name.SequenceEqual("requestId"u8) => RequestId,
        _ when name.SequenceEqual("progressToken"u8) => ProgressToken,
        _ when name.SequenceEqual("protocolVersion"u8) => InitializeVersion,
        _ => 0,
    };

    private static int MetaMember(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("progressToken"u8) => MetaProgressToken,
        _ when name.SequenceEqual("io.modelcontextprotocol/protocolVersion"u8) => MetaVersion,
        _ when name.SequenceEqual("io.modelcontextprotocol/clientInfo"u8) => ClientInfo,
        _ when name.SequenceEqual("io.modelcontextprotocol/clientCapabilities"u8) => ClientCapabilities,
        _ when name.SequenceEqual("io.modelcontextprotocol/logLevel"u8) => LogLevel,
        _ when name.SequenceEqual("mcp_tx"u8) || name.SequenceEqual("rmcp"u8) => Transaction,
        _ => 0,
    };
}
