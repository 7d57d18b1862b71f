using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>
/// Reads the envelope of one JSON-RPC message in one pass: judges the whole message (syntax, UTF-8, depth, duplicate members) and records
/// where the parts lie that a dispatcher needs. Allocates nothing unless a hostile message has dozens of unknown members. Thread-safe: no state.
/// </summary>
public static partial class EnvelopeReader
{
    /// <summary>How deep a message may be nested; the envelope itself counts as 1. The default of <c>System.Text.Json</c>.</summary>
    public const int MaxDepth = 64;

    /// <summary>The longest id taken, in bytes with its quotes: an id is kept and sent back, and nobody needs a longer one.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Reads <paramref name="message"/>.</summary>
    /// <param name="message">Exactly one message, without the line feed that ends it on stdio.</param>
    /// <param name="envelope">What was found; on a fault its kind is <see cref="MessageKind.Invalid"/>.</param>
    /// <returns>True where the message is a valid request, notification or response.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out Envelope envelope)
    {
        envelope = default;
        var scanner = new JsonScanner(message);
        var p = scanner.SkipWhitespace(0);
        if (p < message.Length && message[p] == (byte)'{')
        {
            p = ReadTop(message, ref scanner, ref envelope, p);
            if (p >= 0 && (p == message.Length || scanner.SkipWhitespace(p) == message.Length)
                && (!scanner.NonAscii || Utf8Validation.IsValid(message)))
            {
                return Judge(message, ref envelope);
            }
        }

        return RefuseUnreadable(message, ref envelope);
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
            rented = PooledArrays.Rent<byte>(length);
            message.CopyTo(rented);
            joined = rented.AsMemory(0, length);
        }

        return TryRead(joined.Span, out envelope);
    }

    private static int FirstInvalidUtf8(ReadOnlySpan<byte> message)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(message[at..], out _, out var consumed) == OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    // No object, or one that cannot be read to its end. Walks once more to tell why. Nothing of the message is to be trusted, its id neither.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RefuseUnreadable(ReadOnlySpan<byte> message, ref Envelope envelope)
    {
        envelope = default;
        if (!Utf8.IsValid(message))
        {
            return Refuse(ref envelope, EnvelopeError.InvalidUtf8, FirstInvalidUtf8(message));
        }

        var scanner = new JsonScanner(message);
        var start = scanner.SkipWhitespace(0);
        var end = scanner.SkipValue(start, MaxDepth);
        if (end < 0)
        {
            return Refuse(ref envelope, scanner.Fault switch
            {
                JsonFault.Truncated => EnvelopeError.Truncated,
                JsonFault.TooDeep => EnvelopeError.TooDeep,
                _ => EnvelopeError.InvalidJson,
            }, scanner.FaultOffset);
        }

        end = scanner.SkipWhitespace(end);
        return end < message.Length ? Refuse(ref envelope, EnvelopeError.InvalidJson, end)
            : Refuse(ref envelope, message[start] == (byte)'[' ? EnvelopeError.Batch : EnvelopeError.NotAnObject, start);
    }

    private static bool Judge(ReadOnlySpan<byte> message, ref Envelope envelope)
    {
        if (!envelope.MethodName.IsPresent && envelope.Error.IsPresent && envelope.Id.Of(message).SequenceEqual("null"u8))
        {
            // JSON-RPC's way to say that the id of the message answered could not be read.
            envelope.Id = default;
        }

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

        var raw = envelope.MethodName.Of(message);
        if (raw.SequenceEqual("\"tools/call\""u8))
        {
            // Nearly all traffic.
            envelope.Method = McpMethod.ToolsCall;
        }
        else if (!JsonText.IsString(raw))
        {
            Note(ref envelope, EnvelopeError.InvalidMethod, envelope.MethodName.Start);
        }
        else
        {
            envelope.Method = ParseMethod(raw);
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

    // Apart from its caller for the buffer's sake, which must be cleared at every call.
    private static McpMethod ParseMethod(ReadOnlySpan<byte> raw)
    {
        Span<byte> buffer = stackalloc byte[64];
        return JsonText.TryGetContent(raw, buffer, out var name) ? McpMethods.Parse(name) : McpMethod.Unknown;
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

        // An integer: no fraction, no exponent. JSON's grammar was checked before. Ids are short: a loop beats a search by vectors.
        for (var i = raw[0] == (byte)'-' ? 1 : 0; i < raw.Length; i++)
        {
            if ((uint)(raw[i] - '0') > 9)
            {
                return EnvelopeError.InvalidId;
            }
        }

        return EnvelopeError.None;
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
