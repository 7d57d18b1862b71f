using System.Runtime.CompilerServices;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>The three objects whose members are looked at: the message, <c>params</c> and <c>_meta</c>.</summary>
public static partial class EnvelopeReader
{
    private static int ReadTop(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var names = default(MemberNames);
        var version = default(JsonRange);
        var more = MoveToFirst(message, ref scanner, open, out var p);
        while (more)
        {
            var nameStart = p;
            var bit = ReadTopName(message, ref scanner, ref names, ref p);
            if (p < 0)
            {
                return p;
            }

            var start = p;
            p = bit == MemberNames.Params && start < message.Length && message[start] == (byte)'{'
                ? ReadParams(message, ref scanner, ref envelope, start)
                : scanner.SkipValue(start, MaxDepth - 1);
            if (p < 0)
            {
                return p;
            }

            var range = new JsonRange(start, p - start);
            more = MoveToNext(message, ref scanner, ref p);
            if (!names.TryAdd(bit))
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, nameStart);
                names.AmbiguousId |= bit == MemberNames.Id;
                continue;
            }

            switch (bit)
            {
                case MemberNames.Version: version = range; break;
                case MemberNames.Id: envelope.Id = range; break;
                case MemberNames.Method: envelope.MethodName = range; break;
                case MemberNames.Params: envelope.Params = range; break;
                case MemberNames.Result: envelope.Result = range; break;
                case MemberNames.Error: envelope.Error = range; break;
            }
        }

        if (p >= 0)
        {
            CloseTop(message, ref envelope, open, names, version);
        }

        return p;
    }

    private static void CloseTop(ReadOnlySpan<byte> message, ref Envelope envelope, int open, in MemberNames names, JsonRange version)
    {
        if (names.AmbiguousId)
        {
            // Which of the two the sender waits for is unknown: an answer to the wrong one would do harm.
            envelope.Id = default;
        }

        if (names.MayRepeat)
        {
            FindDuplicates(message, ref envelope, open);
        }

        var raw = version.Of(message);
        if (!raw.SequenceEqual("\"2.0\""u8) && !JsonText.ContentEquals(raw, "2.0"u8))
        {
            Note(ref envelope, EnvelopeError.InvalidVersion, version.IsPresent ? version.Start : open);
        }
    }

    private static int ReadParams(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var names = default(MemberNames);
        var more = MoveToFirst(message, ref scanner, open, out var p);
        while (more)
        {
            var nameStart = p;
            var bit = ReadParamName(message, ref scanner, ref names, ref p);
            if (p < 0)
            {
                return p;
            }

            var start = p;
            p = bit == MemberNames.Meta && start < message.Length && message[start] == (byte)'{'
                ? ReadMeta(message, ref scanner, ref envelope, start)
                : scanner.SkipValue(start, MaxDepth - 2);
            if (p < 0)
            {
                return p;
            }

            var range = new JsonRange(start, p - start);
            more = MoveToNext(message, ref scanner, ref p);
            if (!names.TryAdd(bit))
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, nameStart);
                continue;
            }

            switch (bit)
            {
                case MemberNames.Name: envelope.Name = range; break;
                case MemberNames.Arguments: envelope.Arguments = range; break;
                case MemberNames.Meta: envelope.Meta = range; break;
                case MemberNames.Uri: envelope.Uri = range; break;
                case MemberNames.Cursor: envelope.Cursor = range; break;
                case MemberNames.TaskId: envelope.TaskId = range; break;
                case MemberNames.RequestId: envelope.RequestId = range; break;
                case MemberNames.InitializeVersion: envelope.InitializeVersion = range; break;
                case MemberNames.ProgressToken: envelope.NotifiedProgressToken = range; break;
            }
        }

        if (p >= 0 && names.MayRepeat)
        {
            FindDuplicates(message, ref envelope, open);
        }

        return p;
    }

    private static int ReadMeta(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref Envelope envelope, int open)
    {
        var names = default(MemberNames);
        var more = MoveToFirst(message, ref scanner, open, out var p);
        while (more)
        {
            var nameStart = p;
            var bit = ReadMetaName(message, ref scanner, ref names, ref p);
            if (p < 0)
            {
                return p;
            }

            var start = p;
            p = scanner.SkipValue(start, MaxDepth - 3);
            if (p < 0)
            {
                return p;
            }

            var range = new JsonRange(start, p - start);
            more = MoveToNext(message, ref scanner, ref p);
            if (!names.TryAdd(bit))
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, nameStart);
                continue;
            }

            switch (bit)
            {
                case MemberNames.MetaProgressToken: envelope.ProgressToken = range; break;
                case MemberNames.MetaVersion: envelope.MetaVersion = range; break;
                case MemberNames.ClientInfo: envelope.ClientInfo = range; break;
                case MemberNames.ClientCapabilities: envelope.ClientCapabilities = range; break;
                case MemberNames.LogLevel: envelope.LogLevel = range; break;
                case MemberNames.Transaction: envelope.Transaction = range; break;
            }
        }

        if (p >= 0 && names.MayRepeat)
        {
            FindDuplicates(message, ref envelope, open);
        }

        return p;
    }

    // From the opening brace to the first name. False where there is none: p lies behind the closing brace then.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MoveToFirst(ReadOnlySpan<byte> message, ref JsonScanner scanner, int open, out int p)
    {
        p = scanner.SkipWhitespace(open + 1);
        if ((uint)p >= (uint)message.Length || message[p] != (byte)'}')
        {
            return true;
        }

        p++;
        return false;
    }

    // From behind a value to the next name. False where there is none: p lies behind the closing brace then, or is negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MoveToNext(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref int p)
    {
        p = scanner.SkipWhitespace(p);
        if ((uint)p < (uint)message.Length)
        {
            if (message[p] == (byte)',')
            {
                p = scanner.SkipWhitespace(p + 1);
                return true;
            }

            if (message[p] == (byte)'}')
            {
                p++;
                return false;
            }
        }

        p = -1;
        return false;
    }

    // Each moves p from a name to its value, and says which name it was; p is negative at a fault. What is written plainly and compactly, as
    // nearly every sender does, is recognised at a glance; constant texts are compared in registers, quotes and colon included.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadTopName(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref MemberNames names, ref int p)
    {
        var rest = message[p..];
        return rest.StartsWith("\"jsonrpc\":"u8) ? Take(ref scanner, ref p, 10, MemberNames.Version)
            : rest.StartsWith("\"id\":"u8) ? Take(ref scanner, ref p, 5, MemberNames.Id)
            : rest.StartsWith("\"method\":"u8) ? Take(ref scanner, ref p, 9, MemberNames.Method)
            : rest.StartsWith("\"params\":"u8) ? Take(ref scanner, ref p, 9, MemberNames.Params)
            : rest.StartsWith("\"result\":"u8) ? Take(ref scanner, ref p, 9, MemberNames.Result)
            : names.Read(message, ref scanner, ref p, MemberNames.Level.Top);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadParamName(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref MemberNames names, ref int p)
    {
        var rest = message[p..];
        return rest.StartsWith("\"name\":"u8) ? Take(ref scanner, ref p, 7, MemberNames.Name)
            : rest.StartsWith("\"arguments\":"u8) ? Take(ref scanner, ref p, 12, MemberNames.Arguments)
            : rest.StartsWith("\"_meta\":"u8) ? Take(ref scanner, ref p, 8, MemberNames.Meta)
            : names.Read(message, ref scanner, ref p, MemberNames.Level.Params);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadMetaName(ReadOnlySpan<byte> message, ref JsonScanner scanner, ref MemberNames names, ref int p)
    {
        var rest = message[p..];
        return rest.StartsWith("\"io.modelcontextprotocol/protocolVersion\":"u8) ? Take(ref scanner, ref p, 42, MemberNames.MetaVersion)
            : rest.StartsWith("\"io.modelcontextprotocol/clientInfo\":"u8) ? Take(ref scanner, ref p, 37, MemberNames.ClientInfo)
            : rest.StartsWith("\"io.modelcontextprotocol/clientCapabilities\":"u8) ? Take(ref scanner, ref p, 45, MemberNames.ClientCapabilities)
            : rest.StartsWith("\"progressToken\":"u8) ? Take(ref scanner, ref p, 16, MemberNames.MetaProgressToken)
            : names.Read(message, ref scanner, ref p, MemberNames.Level.Meta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take(ref JsonScanner scanner, ref int p, int length, int bit)
    {
        p = scanner.SkipWhitespace(p + length);
        return bit;
    }
}
