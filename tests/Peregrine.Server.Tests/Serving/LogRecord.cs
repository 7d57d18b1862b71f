using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Tests.Serving;

internal sealed record LogRecord(LogLevel Level, string Event, string Text, Exception? Exception);
