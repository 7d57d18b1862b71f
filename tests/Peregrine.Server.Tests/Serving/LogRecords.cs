using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Tests.Serving;

/// <summary>Keeps what is logged, and lets a test wait for it.</summary>
internal sealed class LogRecords : ILogger, ILoggerFactory
{
    private readonly Channel<LogRecord> _arrivals = Channel.CreateUnbounded<LogRecord>();

    internal ConcurrentQueue<LogRecord> All { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var record = new LogRecord(logLevel, eventId.Name ?? "", formatter(state, exception), exception);
        All.Enqueue(record);
        _arrivals.Writer.TryWrite(record);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    /// <summary>The next record with this name that nobody has waited for yet.</summary>
    internal async Task<LogRecord> WaitAsync(string eventName)
    {
        using var patience = new CancellationTokenSource(TestPeer.Patience);
        while (true)
        {
            var record = await _arrivals.Reader.ReadAsync(patience.Token);
            if (record.Event == eventName)
            {
                return record;
            }
        }
    }
}
