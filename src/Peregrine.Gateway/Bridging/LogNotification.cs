using System.Text.Json;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Sessions;

namespace Peregrine.Gateway.Bridging;

/// <summary>Reads <c>notifications/message</c>.</summary>
internal static class LogNotification
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>How severe a message is; the most severe where it does not say, so that nothing is lost by that.</summary>
    internal static McpLogLevel LevelOf(ReadOnlySpan<byte> parameters)
    {
        var reader = new Utf8JsonReader(parameters, ReaderOptions);
        if (parameters.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return McpLogLevel.Emergency;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLevel = reader.ValueTextEquals("level"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isLevel)
            {
                return LogLevels.TryRead(parameters[start..(int)reader.BytesConsumed], out var level) ? level : McpLogLevel.Emergency;
            }
        }

        return McpLogLevel.Emergency;
    }
}
