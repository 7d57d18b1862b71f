using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Transport.Connections;

/// <summary>The peer answered with a JSON-RPC error.</summary>
public sealed class McpPeerException : PeregrineException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="code">The error's code; 0 where it has none.</param>
    /// <param name="message">The peer's text.</param>
    /// <param name="error">The error object, raw JSON; kept as it is.</param>
    public McpPeerException(int code, string message, ReadOnlyMemory<byte> error)
        : base(message, innerException: null)
    {
        Code = code;
        Error = error;
    }

    /// <summary>The error's code: one of <see cref="Protocol.JsonRpc.ErrorCodes"/>, or one of the peer's own.</summary>
    public int Code { get; }

    /// <summary>The error object, raw JSON, with its <c>data</c>.</summary>
    public ReadOnlyMemory<byte> Error { get; }

    /// <summary>Makes the exception for an error object.</summary>
    /// <param name="error">The error object, raw JSON; copied.</param>
    public static McpPeerException FromError(ReadOnlySpan<byte> error)
    {
        ReadError(error, out var code, out var message);
        return new McpPeerException(code, message ?? $"The peer answered with error {code} and no text.", error.ToArray());
    }

    /// <summary>Reads code and text of an error object. Never throws: what is missing or of a wrong type is 0 or null.</summary>
    internal static void ReadError(ReadOnlySpan<byte> error, out int code, out string? message)
    {
        code = 0;
        message = null;
        if (!JsonText.IsObject(error))
        {
            return;
        }

        var reader = new Utf8JsonReader(error);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = JsonText.TokenEquals(reader, "code"u8);
            var isMessage = JsonText.TokenEquals(reader, "message"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            {
                code = number;
            }
            else if (isMessage && reader.TokenType == JsonTokenType.String)
            {
                _ = JsonText.TryGetString(error.Slice((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)), out message);
            }

            reader.Skip();
        }
    }
}
