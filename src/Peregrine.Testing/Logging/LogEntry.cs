using Microsoft.Extensions.Logging;

namespace Peregrine.Testing.Logging;

/// <summary>One log record.</summary>
/// <param name="Category">Who wrote it.</param>
/// <param name="Level">How severe it is.</param>
/// <param name="Event">Which kind of record it is.</param>
/// <param name="Message">Its text.</param>
/// <param name="Exception">What failed, where something did.</param>
public sealed record LogEntry(string Category, LogLevel Level, EventId Event, string Message, Exception? Exception)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Level} {Category}: {Message}{(Exception is null ? "" : $" ({Exception.GetType().Name}: {Exception.Message})")}";
}
