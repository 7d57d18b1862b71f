using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Compat.Logging;

/// <summary>
/// <c>logging/setLevel</c> (session era), and the capability. In 2026-07-28, where logging is deprecated, each request says for itself what it wants to be told.
/// </summary>
internal sealed class LoggingFeature : IServerFeature
{
    private static readonly byte[] EmptyResult = "{}"u8.ToArray();

    /// <inheritdoc/>
    public McpMethod[] Methods { get; } = [McpMethod.LoggingSetLevel];

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write("\"logging\":{}"u8);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        if (!TryReadLevel(exchange.Envelope.Params.Of(exchange.Body.Span), out var level))
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Invalid params: \"level\" must be {LogLevels.Allowed}");
            return default;
        }

        // Without a session there is nobody to remember it for; the request is right all the same.
        if (exchange.Session is { } session)
        {
            session.LogLevel = level;
        }

        exchange.ReturnShared(EmptyResult);
        return default;
    }

    private static bool TryReadLevel(ReadOnlySpan<byte> parameters, out McpLogLevel level)
    {
        level = default;
        var reader = new Utf8JsonReader(parameters);
        if (parameters.IsEmpty || !reader.Read())
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLevel = JsonText.TokenEquals(reader, "level"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isLevel)
            {
                return LogLevels.TryRead(parameters[start..(int)reader.BytesConsumed], out level);
            }
        }

        return false;
    }
}
