using Peregrine.Client.Json;

namespace Peregrine.Client.Logging;

/// <summary>A log message of the server. It owns its bytes.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Logger">Which part of the server says it, where it says so.</param>
/// <param name="Data">What it says: a raw JSON value.</param>
public sealed record ServerLogMessage(ServerLogLevel Level, string? Logger, ReadOnlyMemory<byte> Data)
{
    /// <summary>Reads the params of <c>notifications/message</c>.</summary>
    internal static ServerLogMessage Read(ReadOnlySpan<byte> parameters) => new(
        ServerLogLevels.Parse(ObjectReader.FindText(parameters, "level"u8)),
        ObjectReader.FindText(parameters, "logger"u8),
        ObjectReader.Find(parameters, "data"u8).ToArray());

    /// <summary>The message where it is a text, else its JSON.</summary>
    public override string ToString() =>
        Protocol.Text.JsonText.TryGetString(Data.Span, out var text) ? text : System.Text.Encoding.UTF8.GetString(Data.Span);
}
