using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Processes;

/// <summary>
/// A connection to a server that runs as a child process and speaks over its standard streams. On Linux and macOS the child leads a session of its own: when it
/// ends or the connection is disposed, everything it started ends too.
/// </summary>
public sealed class ProcessConnection : DuplexConnection
{
    private readonly ServerProcess _process;

    private ProcessConnection(ServerProcess process, ProcessConnectionOptions options)
        : base(process.Output, process.Input, process.Name, options.Connection) => _process = process;

    /// <summary>The process's number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Ends when the process has ended and, on Linux and macOS, everything it started with it. Never fails.</summary>
    public Task<ProcessExit> Exited => _process.Exited;

    /// <summary>The last lines of its standard error, oldest first; at most 20.</summary>
    public IReadOnlyList<string> LastErrorLines => _process.LastErrorLines;

    /// <summary>Starts the process and the connection.</summary>
    /// <param name="options">What to start and how.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="McpTransportException">The process cannot be started.</exception>
    public static ProcessConnection Start(ProcessConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Checked(options.Connection);
        var connection = new ProcessConnection(ServerProcess.Start(options), options);
        connection.StartReading();
        return connection;
    }

    private protected override ValueTask<string> DescribeEndAsync(Exception? cause) => _process.DescribeEndAsync(cause);

    private protected override ValueTask CloseTransportAsync() => _process.DisposeAsync();
}
