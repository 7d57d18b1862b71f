using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Peregrine.Server.Duplex;
using Peregrine.Server.Hosting;

namespace Peregrine.Server.AspNetCore.Hosting;

/// <summary>Serves servers of a host's container on the standard streams.</summary>
public static class PeregrineStdioExtensions
{
    /// <summary>
    /// Serves the server on standard input and output while the host runs; the end of the input ends the host. For one server of a process. Standard output belongs to the protocol from the start
    /// of the host: what the application and its console logger print goes to standard error.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="options">Limits of the connection; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    /// <exception cref="InvalidOperationException">Another server has the standard streams already.</exception>
    public static IPeregrineBuilder AddStdio(this IPeregrineBuilder builder, DuplexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= DuplexOptions.Default;
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        var taken = builder.Services.FirstOrDefault(static service => service.ServiceType == typeof(StdioOwner))?.ImplementationInstance as StdioOwner;
        if (taken is not null)
        {
            throw new InvalidOperationException($"The server \"{taken.Server}\" has the standard streams already; \"{builder.Name}\" cannot have them, too.");
        }

        var name = builder.Name;
        builder.Services.AddSingleton(new StdioOwner(name));

        // First in line: hosted services are made in order, and may print.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => new HostedStdio(services, name, options)));

        // The logger's thread may still write what was logged before the streams were taken.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }

    private sealed record StdioOwner(string Server);
}
