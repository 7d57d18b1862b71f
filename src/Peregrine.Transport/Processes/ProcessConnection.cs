using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Processes;

/// <summary>
/// A connection to a server that runs as a child process and speaks over its standard streams. On Linux and macOS the child leads a session of its own: when it
/// ends or the connection is disposed, everything it started ends too.
/// </summary>
public sealed class ProcessConnection : DuplexConnection
{
    // How long the exit status and the last words may take to arrive once the output has ended.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _child;
    private readonly ErrorOutput _error;
    private readonly Task _errorRead;
    private readonly TimeSpan _stopGrace;

    private ProcessConnection(ChildProcess child, string peer, ProcessConnectionOptions options)
        : base(child.Output, child.Input, peer, options.Connection)
    {
        _child = child;
        _stopGrace = options.StopGrace;
        _error = new ErrorOutput(child.Error, peer, options.OnErrorLine, options.Connection.Logger);
        _errorRead = _error.ReadAsync();
    }

    /// <summary>The process's number.</summary>
    public int ProcessId => _child.Id;

    /// <summary>Ends when the process has ended and, on Linux and macOS, everything it started with it. Never fails.</summary>
    public Task<ProcessExit> Exited => _child.Exited;

    /// <summary>The last lines of its standard error, oldest first; at most 20.</summary>
    public IReadOnlyList<string> LastErrorLines => _error.LastLines;

    /// <summary>Starts the process and the connection.</summary>
    /// <param name="options">What to start and how.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="McpTransportException">The process cannot be started.</exception>
    public static ProcessConnection Start(ProcessConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        Checked(options.Connection);
        var child = ChildProcess.Start(options);
        var connection = new ProcessConnection(child, Path.GetFileName(options.Command), options);
        ProcessLog.Started(options.Connection.Logger, connection.Peer, child.Id);
        connection.StartReading();
        return connection;
    }

    private protected override async ValueTask<string> DescribeEndAsync(Exception? cause)
    {
        var ended = await EndsWithinAsync(_child.Exited, LastWords).ConfigureAwait(false);
        await EndsWithinAsync(_errorRead, ended ? LastWords : TimeSpan.Zero).ConfigureAwait(false);
        var how = ended
            ? (await _child.Exited.ConfigureAwait(false)).ToString()
            : cause is null ? "closed its standard output" : $"could not be read from ({cause.Message})";
        var lines = _error.LastLines;
        return lines.Length == 0
            ? $"The server '{Peer}' {how}. It wrote nothing to its standard error."
            : $"The server '{Peer}' {how}. Its last words on standard error:\n  {string.Join("\n  ", lines)}";
    }

    private protected override async ValueTask CloseTransportAsync()
    {
        await _child.Input.DisposeAsync().ConfigureAwait(false);
        if (!await EndsWithinAsync(_child.Exited, _stopGrace).ConfigureAwait(false))
        {
            _child.Terminate();
            if (!await EndsWithinAsync(_child.Exited, _stopGrace).ConfigureAwait(false))
            {
                ProcessLog.Killed(Options.Logger, Peer, _child.Id);
                _child.Kill();
                await _child.Exited.ConfigureAwait(false);
            }
        }

        await _child.Output.DisposeAsync().ConfigureAwait(false);
        await EndsWithinAsync(_errorRead, LastWords).ConfigureAwait(false);
        await _child.Error.DisposeAsync().ConfigureAwait(false);
    }

    private static void Validate(ProcessConnectionOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Command))
        {
            faults.Add("Command is empty.");
        }

        if (options.StopGrace < TimeSpan.Zero)
        {
            faults.Add("StopGrace is negative.");
        }

        if (options.Command is { } command && command.Contains('\0', StringComparison.Ordinal) || options.Arguments.Any(static a => a.Contains('\0', StringComparison.Ordinal)))
        {
            faults.Add("Command and arguments must not contain a null character.");
        }

        faults.AddRange(options.Environment.Keys
            .Where(static name => name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            .Select(static name => $"Environment: '{name}' is no name of a variable."));
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }
    }

    private async ValueTask<bool> EndsWithinAsync(Task task, TimeSpan time)
    {
        try
        {
            await task.WaitAsync(time, Options.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
