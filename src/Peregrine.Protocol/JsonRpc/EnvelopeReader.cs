using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>
/// Reads the envelope of one JSON-RPC message in one pass: judges the whole message (syntax, UTF-8, depth, duplicate members) and records
/// where the parts lie that a dispatcher needs. Allocates nothing unless a hostile message has dozens of unknown members. Thread-safe: no state.
/// </summary>
public static class EnvelopeReader
{
    /// <summary>How deep a message may be nested; the envelope itself counts as 1. The default of <c>System.Text.Json</c>.</summary>
    public const int MaxDepth = 64;

    /// <summary>The longest id taken, in bytes with its quotes: an id is kept and sent back, and nobody needs a longer one.</summary>
    public const int MaxIdLength = 256;

    // As many names as are compared pair by pair; beyond that a hash set is cheaper and cannot be made quadratic by a sender.
    private const int NamesOnStack = 32;

    /// <summary>Reads <paramref name="message"/>.</summary>
    /// <param name="message">Exactly one message, without the line feed that ends it on stdio.</param>
    /// <param name="envelope">What was found; on a fault its kind is <see cref="MessageKind.Invalid"/>.</param>
    /// <returns>True where the message is a valid request, notification or response.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out Envelope envelope)
    {
        envelope = default;
        if (!Utf8.IsValid(message))
        {
            return Refuse(ref envelope, EnvelopeError.InvalidUtf8, 0);
        }

        var scanner = new JsonScanner(message);
        var p = scanner.SkipWhitespace(0);
        if (p >= message.Length)
        {
            return Refuse(ref envelope, EnvelopeError.Truncated, p);
        }

        if (message[p] != (byte)'{')
        {
            return RefuseOther(message, ref scanner, ref envelope, p);
        }

        p = ReadTop(message, ref scanner, ref envelope, p);
        if (p < 0)
        {
            return RefuseSyntax(ref envelope, ref scanner);
        }

        p = scanner.SkipWhitespace(p);
        if (p < message.Length)
        {
            return Refuse(ref envelope, EnvelopeError.InvalidJson, p);
        }

        return Judge(message, ref envelope);
    }

    /// <summary>Reads a message that may lie in several segments; joins them first where there is more than one.</summary>
    /// <param name="message">Exactly one message.</param>
    /// <param name="rented">A buffer for the joined message, empty where there was one segment; give it back to the shared array pool.</param>
    /// <param name="joined">The message as one piece; the envelope's offsets refer to it.</param>
    /// <param name="envelope">What was found.</param>
    public static bool TryRead(in ReadOnlySequence<byte> message, out byte[]? rented, out ReadOnlyMemory<byte> joined, out Envelope envelope)
    {
        rented = null;
        if (message.IsSingleSegment)
        {
            joined = message.First;
        }
        else
        {
            var length = checked((int)message.Length);
            rented = ArrayPool<byte>.Shared.Rent(length);
            message.CopyTo(rented);
            joined = rented.AsMemory(0, length);
        }

        return TryRead(joined.Span, out envelope);
    }

    private static int ReadTop(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var known = 0;
        var unknown = 0;
        var escaped = false;
        var version = default(JsonRange);
        var p = open;
        while (true)
        {
            p = NextName(message, ref scanner, p, p == open, out var name);
            if (p < 0 || name.IsPresent is false)
            {
                break;
            }

            var start = scanner.SkipWhitespace(p);
            var bit = RecogniseTop(name.Of(message), ref escaped);
            p = bit == TopParams && start < message.Length && message[start] == (byte)'{'
                ? ReadParams(message, ref scanner, ref envelope, start)
                : scanner.SkipValue(start, MaxDepth - 1);
            if (p < 0)
            {
                return p;
            }

            var range = new JsonRange(start, p - start);
            unknown += bit == 0 ? 1 : 0;
            if ((known & bit) != 0)
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, name.Start);
                continue;
            }

            known |= bit;
            switch (bit)
            {
                case TopVersion: version = range; break;
                case TopId: envelope.Id = range; break;
                case TopMethod: envelope.MethodName = range; break;
                case TopParams: envelope.Params = range; break;
                case TopResult: envelope.Result = range; break;
                case TopError: envelope.Error = range; break;
            }
        }

        if (p >= 0)
        {
            FindDuplicates(message, ref envelope, open, unknown, escaped);
            if (!version.IsPresent || !JsonText.ContentEquals(version.Of(message), "2.0"u8))
            {
                Note(ref envelope, EnvelopeError.InvalidVersion, version.IsPresent ? version.Start : open);
            }
        }

        return p;
    }

    private static int ReadParams(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var known = 0;
        var unknown = 0;
        var escaped = false;
        var p = open;
        while (true)
        {
            p = NextName(message, ref scanner, p, p == open, out var name);
            if (p < 0 || !name.IsPresent)
            {
                break;
            }

            var start = scanner.SkipWhitespace(p);
            var bit = RecogniseParam(name.Of(message), ref escaped);
            p = bit == ParamMeta && start < message.Length && message[start] == (byte)'{'
                ? ReadMeta(message, ref scanner, ref envelope, start)
                : scanner.SkipValue(start, MaxDepth - 2);
            if (p < 0)
            {
                return p;
            }

            unknown += bit == 0 ? 1 : 0;
            if ((known & bit) != 0)
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, name.Start);
                continue;
            }

            known |= bit;
            SetParam(ref envelope, bit, new JsonRange(start, p - start));
        }

        if (p >= 0)
        {
            FindDuplicates(message, ref envelope, open, unknown, escaped);
        }

        return p;
    }

    private static int ReadMeta(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var known = 0;
        var unknown = 0;
        var escaped = false;
        var p = open;
        while (true)
        {
            p = NextName(message, ref scanner, p, p == open, out var name);
            if (p < 0 || !name.IsPresent)
            {
                break;
            }

            var start = scanner.SkipWhitespace(p);
            p = scanner.SkipValue(start, MaxDepth - 3);
            if (p < 0)
            {
                return p;
            }

            var bit = RecogniseMeta(name.Of(message), ref escaped);
            unknown += bit == 0 ? 1 : 0;
            if ((known & bit) != 0)
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, name.Start);
                continue;
            }

            known |= bit;
            var range = new JsonRange(start, p - start);
            switch (bit)
            {
                case MetaProgressToken: envelope.ProgressToken = range; break;
                case MetaProtocolVersion: envelope.MetaVersion = range; break;
                case MetaClientInfo: envelope.ClientInfo = range; break;
                case MetaClientCapabilities: envelope.ClientCapabilities = range; break;
                case MetaLogLevel: envelope.LogLevel = range; break;
            }
        }

        if (p >= 0)
        {
            FindDuplicates(message, ref envelope, open, unknown, escaped);
        }

        return p;
    }

    // Moves to the next member's name. At the end of the object the name is absent and the result lies behind the brace.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextName(ReadOnlySpan<byte> message, ref JsonScanner scanner, int p, bool first, out JsonRange name)
    {
        name = default;
        p = scanner.SkipWhitespace(first ? p + 1 : p);
        if ((uint)p >= (uint)message.Length)
        {
            return scanner.Fail(JsonFault.Truncated, message.Length);
        }

        if (message[p] == (byte)'}')
        {
            return p + 1;
        }

        if (!first)
        {
            if (message[p] != (byte)',')
            {
                return scanner.Fail(JsonFault.Syntax, p);
            }

            p = scanner.SkipWhitespace(p + 1);
            if ((uint)p >= (uint)message.Length)
            {
                return scanner.Fail(JsonFault.Truncated, message.Length);
            }
        }

        if (message[p] != (byte)'"')
        {
            return scanner.Fail(JsonFault.Syntax, p);
        }

        var end = scanner.SkipString(p);
        if (end < 0)
        {
            return end;
        }

        name = new JsonRange(p, end - p);
        return scanner.SkipColon(end);
    }

    private const int TopVersion = 1, TopId = 2, TopMethod = 4, TopParams = 8, TopResult = 16, TopError = 32;

    private static int RecogniseTop(ReadOnlySpan<byte> raw, ref bool escaped)
    {
        Span<byte> buffer = stackalloc byte[16];
        var name = Content(raw, buffer, ref escaped);
        return name.Length switch
        {
            2 => name.SequenceEqual("id"u8) ? TopId : 0,
            5 => name.SequenceEqual("error"u8) ? TopError : 0,
            6 => name.SequenceEqual("method"u8) ? TopMethod : name.SequenceEqual("params"u8) ? TopParams
                : name.SequenceEqual("result"u8) ? TopResult : 0,
            7 => name.SequenceEqual("jsonrpc"u8) ? TopVersion : 0,
            _ => 0,
        };
    }

    private const int ParamName = 1, ParamUri = 2, ParamCursor = 4, ParamTaskId = 8, ParamArguments = 16, ParamRequestId = 32,
        ParamProtocolVersion = 64, ParamProgressToken = 128, ParamMeta = 256;

    private static int RecogniseParam(ReadOnlySpan<byte> raw, ref bool escaped)
    {
        Span<byte> buffer = stackalloc byte[16];
        var name = Content(raw, buffer, ref escaped);
        return name.Length switch
        {
            3 => name.SequenceEqual("uri"u8) ? ParamUri : 0,
            4 => name.SequenceEqual("name"u8) ? ParamName : 0,
            5 => name.SequenceEqual("_meta"u8) ? ParamMeta : 0,
            6 => name.SequenceEqual("cursor"u8) ? ParamCursor : name.SequenceEqual("taskId"u8) ? ParamTaskId : 0,
            9 => name.SequenceEqual("arguments"u8) ? ParamArguments : name.SequenceEqual("requestId"u8) ? ParamRequestId : 0,
            13 => name.SequenceEqual("progressToken"u8) ? ParamProgressToken : 0,
            15 => name.SequenceEqual("protocolVersion"u8) ? ParamProtocolVersion : 0,
            _ => 0,
        };
    }

    private static void SetParam(ref Envelope envelope, int bit, JsonRange range)
    {
        switch (bit)
        {
            case ParamName: envelope.Name = range; break;
            case ParamUri: envelope.Uri = range; break;
            case ParamCursor: envelope.Cursor = range; break;
            case ParamTaskId: envelope.TaskId = range; break;
            case ParamArguments: envelope.Arguments = range; break;
            case ParamRequestId: envelope.RequestId = range; break;
            case ParamProtocolVersion: envelope.InitializeVersion = range; break;
            case ParamProgressToken: envelope.NotifiedProgressToken = range; break;
            case ParamMeta: envelope.Meta = range; break;
        }
    }

    private const int MetaProgressToken = 1, MetaProtocolVersion = 2, MetaClientInfo = 4, MetaClientCapabilities = 8, MetaLogLevel = 16;

    private static int RecogniseMeta(ReadOnlySpan<byte> raw, ref bool escaped)
    {
        Span<byte> buffer = stackalloc byte[48];
        var name = Content(raw, buffer, ref escaped);
        if (name.Length == 13)
        {
            return name.SequenceEqual("progressToken"u8) ? MetaProgressToken : 0;
        }

        var prefix = "io.modelcontextprotocol/"u8;
        if (!name.StartsWith(prefix))
        {
            return 0;
        }

        name = name[prefix.Length..];
        return name.Length switch
        {
            8 => name.SequenceEqual("logLevel"u8) ? MetaLogLevel : 0,
            10 => name.SequenceEqual("clientInfo"u8) ? MetaClientInfo : 0,
            15 => name.SequenceEqual("protocolVersion"u8) ? MetaProtocolVersion : 0,
            18 => name.SequenceEqual("clientCapabilities"u8) ? MetaClientCapabilities : 0,
            _ => 0,
        };
    }

    // The name without quotes. An escaped one is unescaped into the buffer; one that does not fit there is none of the known names.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> raw, Span<byte> buffer, ref bool escaped)
    {
        var inner = raw[1..^1];
        if (!inner.Contains((byte)'\\'))
        {
            return inner;
        }

        escaped = true;
        return JsonText.TryUnescape(inner, buffer, out var written) ? buffer[..written] : default;
    }

    // Known names are told apart by their bits while reading; only two unknown ones, or escapes, call for this second look.
    private static void FindDuplicates(ReadOnlySpan<byte> message, ref Envelope envelope, int open, int unknown, bool escaped)
    {
        if (unknown >= 2 || (escaped && unknown >= 1))
        {
            FindDuplicatesSlow(message, ref envelope, open);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FindDuplicatesSlow(ReadOnlySpan<byte> message, ref Envelope envelope, int open)
    {
        var scanner = new JsonScanner(message);
        Span<JsonRange> names = stackalloc JsonRange[NamesOnStack];
        HashSet<string>? set = null;
        var count = 0;
        var p = open;
        while (true)
        {
            p = NextName(message, ref scanner, p, p == open, out var name);
            if (!name.IsPresent)
            {
                return;
            }

            if (IsRepeated(message, name, names, ref count, ref set))
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, name.Start);
                return;
            }

            p = scanner.SkipValue(p, MaxDepth);
        }
    }

    private static bool IsRepeated(ReadOnlySpan<byte> message, JsonRange name, Span<JsonRange> names, ref int count, ref HashSet<string>? set)
    {
        var raw = name.Of(message);
        var plain = !raw.Contains((byte)'\\');
        if (set is null && plain && count < names.Length)
        {
            for (var i = 0; i < count; i++)
            {
                if (names[i].Of(message).SequenceEqual(raw))
                {
                    return true;
                }
            }

            names[count++] = name;
            return false;
        }

        if (set is null)
        {
            set = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                set.Add(NameOf(names[i].Of(message)));
            }
        }

        return !set.Add(NameOf(raw));
    }

    // A name with a lone surrogate has no string; its raw form stands in, marked so that it equals no proper name.
    private static string NameOf(ReadOnlySpan<byte> raw) =>
        JsonText.TryGetString(raw, out var name) ? name : string.Concat("\uD800", System.Text.Encoding.UTF8.GetString(raw));

    private static bool Judge(ReadOnlySpan<byte> message, ref Envelope envelope)
    {
        if (envelope.Id.IsPresent)
        {
            var fault = JudgeId(envelope.Id.Of(message));
            if (fault != EnvelopeError.None)
            {
                Note(ref envelope, fault, envelope.Id.Start);
                envelope.Id = default;
                return Refuse(ref envelope, envelope.Fault, envelope.FaultOffset);
            }
        }

        if (envelope.MethodName.IsPresent)
        {
            JudgeCall(message, ref envelope);
        }
        else if (envelope.Result.IsPresent != envelope.Error.IsPresent && (envelope.Id.IsPresent || envelope.Error.IsPresent))
        {
            envelope.Kind = envelope.Result.IsPresent ? MessageKind.Response : MessageKind.Error;
        }
        else
        {
            Note(ref envelope, EnvelopeError.NoKind, 0);
        }

        if (envelope.Fault == EnvelopeError.None)
        {
            return true;
        }

        envelope.Kind = MessageKind.Invalid;
        return false;
    }

    private static void JudgeCall(ReadOnlySpan<byte> message, ref Envelope envelope)
    {
        envelope.Kind = envelope.Id.IsPresent ? MessageKind.Request : MessageKind.Notification;
        if (envelope.Result.IsPresent || envelope.Error.IsPresent)
        {
            Note(ref envelope, EnvelopeError.NoKind, envelope.MethodName.Start);
        }

        Span<byte> buffer = stackalloc byte[64];
        var raw = envelope.MethodName.Of(message);
        if (!JsonText.IsString(raw))
        {
            Note(ref envelope, EnvelopeError.InvalidMethod, envelope.MethodName.Start);
        }
        else if (JsonText.TryGetContent(raw, buffer, out var name))
        {
            envelope.Method = McpMethods.Parse(name);
        }

        if (envelope.Params.IsPresent && message[envelope.Params.Start] != (byte)'{')
        {
            Note(ref envelope, EnvelopeError.InvalidParams, envelope.Params.Start);
        }

        if (envelope.Meta.IsPresent && message[envelope.Meta.Start] != (byte)'{')
        {
            Note(ref envelope, EnvelopeError.InvalidMeta, envelope.Meta.Start);
        }
    }

    private static EnvelopeError JudgeId(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > MaxIdLength)
        {
            return raw[0] is (byte)'{' or (byte)'[' ? EnvelopeError.InvalidId : EnvelopeError.IdTooLong;
        }

        if (raw[0] == (byte)'"')
        {
            return EnvelopeError.None;
        }

        // An integer: no fraction, no exponent. JSON's grammar was checked before.
        return raw[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && raw.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
            ? EnvelopeError.None
            : EnvelopeError.InvalidId;
    }

    private static bool RefuseOther(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int p)
    {
        var end = scanner.SkipValue(p, MaxDepth);
        if (end < 0)
        {
            return RefuseSyntax(ref envelope, ref scanner);
        }

        if (scanner.SkipWhitespace(end) < message.Length)
        {
            return Refuse(ref envelope, EnvelopeError.InvalidJson, end);
        }

        return Refuse(ref envelope, message[p] == (byte)'[' ? EnvelopeError.Batch : EnvelopeError.NotAnObject, p);
    }

    private static bool RefuseSyntax(ref Envelope envelope, ref JsonScanner scanner)
    {
        envelope = default;
        return Refuse(ref envelope, scanner.Fault switch
        {
            JsonFault.Truncated => EnvelopeError.Truncated,
            JsonFault.TooDeep => EnvelopeError.TooDeep,
            _ => EnvelopeError.InvalidJson,
        }, scanner.FaultOffset);
    }

    private static bool Refuse(ref Envelope envelope, EnvelopeError error, int offset)
    {
        envelope.Kind = MessageKind.Invalid;
        envelope.Fault = error;
        envelope.FaultOffset = offset;
        return false;
    }

    private static void Note(ref Envelope envelope, EnvelopeError error, int offset)
    {
        if (envelope.Fault == EnvelopeError.None)
        {
            envelope.Fault = error;
            envelope.FaultOffset = offset;
        }
    }
}
