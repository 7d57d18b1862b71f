using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>Keeps what is logged at Warning and above, by anybody in the application.</summary>
internal sealed class LogRecords : ILoggerProvider, ILogger
{
    internal ConcurrentQueue<string> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            All.Enqueue($"{eventId.Name}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
