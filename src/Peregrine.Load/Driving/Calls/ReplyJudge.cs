using System.Text;
using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Load.Driving.Calls;

/// <summary>Decides whether a reply is right. Every reply of a run passes here. Pure; allocates only where a reply is unusual.</summary>
internal static class ReplyJudge
{
    /// <summary>Judges a reply.</summary>
    /// <param name="message">The message, as one piece.</param>
    /// <param name="envelope">What its envelope holds.</param>
    /// <param name="id">The id of the request.</param>
    /// <param name="expected">The text that the result must contain, as UTF-8; empty for any.</param>
    internal static LoadError Judge(ReadOnlySpan<byte> message, in Envelope envelope, int id, ReadOnlySpan<byte> expected)
    {
        if (envelope.Kind is not (MessageKind.Response or MessageKind.Error) || !TryReadId(envelope.Id.Of(message), out var found) || found != id)
        {
            return LoadError.Protocol;
        }

        if (envelope.Kind == MessageKind.Error)
        {
            return LoadError.ErrorReply;
        }

        var result = envelope.Result.Of(message);
        if (result.IndexOf("\"isError\""u8) >= 0 && IsError(result))
        {
            return LoadError.ToolError;
        }

        return expected.IsEmpty || result.IndexOf(expected) >= 0 || HasText(result, expected) ? LoadError.None : LoadError.WrongAnswer;
    }

    /// <summary>Reads an id of this generator.</summary>
    internal static bool TryReadId(ReadOnlySpan<byte> raw, out int id) =>
        System.Buffers.Text.Utf8Parser.TryParse(raw, out id, out var digits) && digits == raw.Length;

    // At the top level alone: a tool may well return data with a member of that name.
    private static bool IsError(ReadOnlySpan<byte> result)
    {
        var reader = new Utf8JsonReader(result);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMember = JsonText.TokenEquals(reader, "isError"u8);
            reader.Read();
            if (isMember)
            {
                return reader.TokenType == JsonTokenType.True;
            }

            reader.Skip();
        }

        return false;
    }

    // Escapes may be written in more than one way.
    private static bool HasText(ReadOnlySpan<byte> result, ReadOnlySpan<byte> expected)
    {
        var wanted = Encoding.UTF8.GetString(expected);
        var reader = new Utf8JsonReader(result);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && TextOf(ref reader).Contains(wanted, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a character: JSON allows it, and it is no text.
            return "";
        }
    }
}
