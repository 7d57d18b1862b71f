using System.Buffers.Binary;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// The part of a tool's result that belongs to no era and to no call: <c>content</c>, <c>structuredContent</c>, <c>isError</c> and other members of its own, and the tool's own
/// <c>_meta</c>. Taken as bytes from a finished exchange, and written into another of either era, byte for byte the same. No state.
/// </summary>
/// <remarks>
/// The stored form: the members of the result, as they stand between the braces; those of <c>_meta</c>, likewise; the length of the latter, four bytes, little-endian; a byte of flags.
/// What a call adds to <c>_meta</c> (who answers, what became of a key) is never stored.
/// </remarks>
internal static class StoredResult
{
    private const byte IsErrorFlag = 1;

    // The result names a type of its own, such as that of a task; its resultType is among the members then.
    private const byte OwnTypeFlag = 2;
    private const int TrailerLength = 5;

    /// <summary>Takes the stored part of the reply.</summary>
    /// <param name="exchange">Finished: its tool has returned, its reply is not sent.</param>
    /// <param name="stored">Receives the bytes; nothing where there is no result.</param>
    internal static CapturedKind TryCapture(McpExchange exchange, PooledByteWriter stored)
    {
        if (exchange.ErrorCode != 0)
        {
            return CapturedKind.Error;
        }

        if (exchange.StreamedResult is not null || exchange.Reply.Length == 0)
        {
            return CapturedKind.None;
        }

        return Capture(ResultOf(exchange), stored, exchange.IsToolError);
    }

    /// <summary>Takes the reply by which a call asked its client something (2026-07-28), after <see cref="TryCapture"/> has said that it is one.</summary>
    internal static void CaptureQuestion(McpExchange exchange, PooledByteWriter stored)
    {
        var result = ResultOf(exchange);
        CopyMembers(result, stored, Members.OfTypedResult);
        var trailer = stored.GetSpan(TrailerLength);
        trailer[..TrailerLength].Clear();
        trailer[4] = OwnTypeFlag;
        stored.Advance(TrailerLength);
    }

    /// <summary>Answers with a stored result.</summary>
    /// <param name="exchange">The call that is answered.</param>
    /// <param name="server">Who answers.</param>
    /// <param name="stored">What <see cref="TryCapture"/> gave.</param>
    /// <param name="meta">Further members of <c>_meta</c>, as they stand between the braces; empty for none.</param>
    internal static void Replay(McpExchange exchange, ServerIdentity server, ReadOnlySpan<byte> stored, ReadOnlySpan<byte> meta = default)
    {
        var flags = stored[^1];
        var metaStart = stored.Length - TrailerLength - BinaryPrimitives.ReadInt32LittleEndian(stored[^TrailerLength..]);
        var members = stored[..metaStart];
        var own = stored[metaStart..^TrailerLength];
        var writer = exchange.BeginResult();
        exchange.IsToolError = (flags & IsErrorFlag) != 0;
        writer.WriteByte((byte)'{');
        writer.Write(members);
        if (exchange.Era == ProtocolEra.Stateless)
        {
            writer.Write((flags & OwnTypeFlag) != 0 ? ","u8 : members.IsEmpty ? "\"resultType\":\"complete\","u8 : ",\"resultType\":\"complete\","u8);
            writer.Write(server.MetaMember[..^1]);
            AppendMembers(writer, own, isFirst: false);
            AppendMembers(writer, meta, isFirst: false);
            writer.WriteByte((byte)'}');
        }
        else if (!own.IsEmpty || !meta.IsEmpty)
        {
            writer.Write(members.IsEmpty ? "\"_meta\":{"u8 : ",\"_meta\":{"u8);
            AppendMembers(writer, own, isFirst: true);
            AppendMembers(writer, meta, isFirst: own.IsEmpty);
            writer.WriteByte((byte)'}');
        }

        writer.Write("}}"u8);
    }

    // {"jsonrpc":"2.0","id":…,"result":
    private static int ResultStart => "{\"jsonrpc\":\"2.0\",\"id\":"u8.Length + ",\"result\":"u8.Length;

    private static ReadOnlySpan<byte> ResultOf(McpExchange exchange) =>
        exchange.CompleteReply().Span[(ResultStart + exchange.Envelope.Id.Of(exchange.Body.Span).Length)..^1];

    private static CapturedKind Capture(ReadOnlySpan<byte> result, PooledByteWriter stored, bool isError)
    {
        var type = ResultTypeOf(result);
        if (type == ResultType.InputRequired)
        {
            return CapturedKind.InputRequired;
        }

        CopyMembers(result, stored, type == ResultType.Other ? Members.OfTypedResult : Members.OfResult);
        var begin = stored.Length;
        if (FindMeta(result) is { IsEmpty: false } meta)
        {
            CopyMembers(meta, stored, Members.OfMeta);
        }

        var trailer = stored.GetSpan(TrailerLength);
        BinaryPrimitives.WriteInt32LittleEndian(trailer, stored.Length - begin);
        trailer[4] = (byte)((isError ? IsErrorFlag : 0) | (type == ResultType.Other ? OwnTypeFlag : 0));
        stored.Advance(TrailerLength);
        return CapturedKind.Result;
    }

    private static ReadOnlySpan<byte> FindMeta(ReadOnlySpan<byte> result)
    {
        var reader = new Utf8JsonReader(result);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("_meta"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return result[start..(int)reader.BytesConsumed];
            }
        }

        return default;
    }

    private static ResultType ResultTypeOf(ReadOnlySpan<byte> result)
    {
        var reader = new Utf8JsonReader(result);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("resultType"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String)
            {
                return reader.ValueTextEquals("complete"u8) ? ResultType.Complete : reader.ValueTextEquals("input_required"u8) ? ResultType.InputRequired : ResultType.Other;
            }

            reader.Skip();
        }

        return ResultType.Complete;
    }

    // Members that lie behind each other are copied as one piece, with the white space and commas between them.
    private static void CopyMembers(ReadOnlySpan<byte> json, PooledByteWriter destination, Members which)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var begin = destination.Length;
        var (pieceStart, pieceEnd) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isKept = IsKept(ref reader, which);
            reader.Read();
            reader.Skip();
            if (isKept)
            {
                pieceStart = pieceEnd == 0 ? start : pieceStart;
                pieceEnd = (int)reader.BytesConsumed;
            }
            else if (pieceEnd > 0)
            {
                AppendMembers(destination, json[pieceStart..pieceEnd], destination.Length == begin);
                pieceEnd = 0;
            }
        }

        AppendMembers(destination, json[pieceStart..Math.Max(pieceStart, pieceEnd)], destination.Length == begin);
    }

    // Of the members that the stateless era adds only a type that says more than "complete" is the result's own.
    private static bool IsKept(ref Utf8JsonReader reader, Members which) => which switch
    {
        Members.OfMeta => !reader.ValueTextEquals("io.modelcontextprotocol/serverInfo"u8) && !reader.ValueTextEquals("mcp_tx"u8),
        Members.OfTypedResult => !reader.ValueTextEquals("_meta"u8),
        _ => !reader.ValueTextEquals("_meta"u8) && !reader.ValueTextEquals("resultType"u8),
    };

    private static void AppendMembers(PooledByteWriter writer, ReadOnlySpan<byte> members, bool isFirst)
    {
        if (!members.IsEmpty)
        {
            if (!isFirst)
            {
                writer.WriteByte((byte)',');
            }

            writer.Write(members);
        }
    }

    private enum ResultType
    {
        Complete,
        InputRequired,
        Other,
    }

    private enum Members
    {
        OfResult,
        OfTypedResult,
        OfMeta,
    }
}
