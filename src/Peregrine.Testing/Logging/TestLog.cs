using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Peregrine.Testing.Logging;

/// <summary>Keeps every log record. Thread-safe.</summary>
public sealed class TestLog : ILoggerFactory
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    /// <summary>What was logged so far, oldest first.</summary>
    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    /// <summary>Does nothing: all records are kept here, and nowhere else.</summary>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <summary>Does nothing: the records stay readable.</summary>
    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new LogEntry(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
