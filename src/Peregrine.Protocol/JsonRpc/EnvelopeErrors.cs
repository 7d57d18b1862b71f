using System.Globalization;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>Error code and explanation of each <see cref="EnvelopeError"/>.</summary>
public static class EnvelopeErrors
{
    /// <summary>The JSON-RPC error code: -32700 where the message could not be parsed, else -32600 or -32602.</summary>
    public static int Code(EnvelopeError error) => error switch
    {
        EnvelopeError.InvalidJson or EnvelopeError.Truncated or EnvelopeError.InvalidUtf8 or EnvelopeError.TooDeep => ErrorCodes.ParseError,
        EnvelopeError.InvalidMeta or EnvelopeError.InvalidParams => ErrorCodes.InvalidParams,
        _ => ErrorCodes.InvalidRequest,
    };

    /// <summary>A sentence for the person who wrote the sender: what is wrong, where, and what to send instead.</summary>
    public static string Message(EnvelopeError error, int offset)
    {
        var at = offset.ToString(CultureInfo.InvariantCulture);
        return error switch
        {
            EnvelopeError.InvalidJson => $"Parse error: not valid JSON at byte {at}",
            EnvelopeError.Truncated => $"Parse error: the JSON ends early, at byte {at}",
            EnvelopeError.InvalidUtf8 => $"Parse error: not valid UTF-8 at byte {at}",
            EnvelopeError.TooDeep => $"Parse error: nested deeper than {EnvelopeReader.MaxDepth} levels at byte {at}",
            EnvelopeError.Batch => "Invalid request: batches are not supported here; send one message at a time",
            EnvelopeError.NotAnObject => "Invalid request: a message must be a JSON object",
            EnvelopeError.DuplicateMember => $"Invalid request: the member at byte {at} occurs twice",
            EnvelopeError.InvalidVersion => "Invalid request: \"jsonrpc\" must be \"2.0\"",
            EnvelopeError.InvalidId => "Invalid request: \"id\" must be a string or an integer",
            EnvelopeError.IdTooLong => $"Invalid request: \"id\" must not be longer than {EnvelopeReader.MaxIdLength} bytes",
            EnvelopeError.InvalidMethod => "Invalid request: \"method\" must be a string",
            EnvelopeError.InvalidParams => "Invalid params: \"params\" must be an object",
            EnvelopeError.InvalidMeta => "Invalid params: \"params._meta\" must be an object",
            EnvelopeError.NoKind => "Invalid request: a message needs either \"method\", or \"id\" with exactly one of \"result\" and \"error\"",
            _ => "Invalid request",
        };
    }
}
