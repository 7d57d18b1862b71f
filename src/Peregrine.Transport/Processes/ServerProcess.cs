using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Processes;

/// <summary>
/// A server that runs as a child process, as bare streams, for who has a protocol loop of his own. On Linux and macOS it leads a session of its own: when it ends or this is
/// disposed, everything it started ends too. What it writes to its standard error is read all the time.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // How long the exit status and the last words may take to arrive once the output has ended.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // Once it has ended, what it wrote is there to be read; on a busy machine that takes its time.
    private static readonly TimeSpan RestOfErrors = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _child;
    private readonly ProcessConnectionOptions _options;
    private readonly ErrorOutput _error;
    private readonly Task _errorRead;

    private ServerProcess(ChildProcess child, ProcessConnectionOptions options)
    {
        _child = child;
        _options = options;
        Name = Path.GetFileName(options.Command);
        _error = new ErrorOutput(child.Error, Name, options.OnErrorLine, options.Connection.Logger);
        _errorRead = _error.ReadAsync();
    }

    /// <summary>The program's name, without folders.</summary>
    public string Name { get; }

    /// <summary>The process's number.</summary>
    public int Id => _child.Id;

    /// <summary>Its standard input.</summary>
    public Stream Input => _child.Input;

    /// <summary>Its standard output.</summary>
    public Stream Output => _child.Output;

    /// <summary>This end of the pipe to its standard input; null where the platform has no pipes with handles.</summary>
    public SafePipeHandle? InputHandle => (_child.Input as System.IO.Pipes.PipeStream)?.SafePipeHandle;

    /// <summary>This end of the pipe from its standard output; null where the platform has no pipes with handles.</summary>
    public SafePipeHandle? OutputHandle => (_child.Output as System.IO.Pipes.PipeStream)?.SafePipeHandle;

    /// <summary>Ends when the process has ended and, on Linux and macOS, everything it started with it. Never fails.</summary>
    public Task<ProcessExit> Exited => _child.Exited;

    /// <summary>The last lines of its standard error, oldest first; at most 20.</summary>
    public IReadOnlyList<string> LastErrorLines => _error.LastLines;

    /// <summary>Starts a process.</summary>
    /// <param name="options">What to start and how; of the connection's settings, logger and time are used.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="McpTransportException">The process cannot be started.</exception>
    public static ServerProcess Start(ProcessConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        var process = new ServerProcess(ChildProcess.Start(options), options);
        ProcessLog.Started(options.Connection.Logger, process.Name, process.Id);
        return process;
    }

    /// <summary>Says how it ended, with its last words; waits up to a second for its end, then up to five for its words.</summary>
    /// <param name="cause">What went wrong with its output, or null where that just ended.</param>
    public async ValueTask<string> DescribeEndAsync(Exception? cause)
    {
        var ended = await EndsWithinAsync(_child.Exited, LastWords).ConfigureAwait(false);
        await EndsWithinAsync(_errorRead, ended ? RestOfErrors : TimeSpan.Zero).ConfigureAwait(false);
        var how = ended
            ? (await _child.Exited.ConfigureAwait(false)).ToString()
            : cause is null ? "closed its standard output" : $"could not be read from ({cause.Message})";
        var lines = _error.LastLines;
        return lines.Length == 0
            ? $"The server '{Name}' {how}. It wrote nothing to its standard error."
            : $"The server '{Name}' {how}. Its last words on standard error:\n  {string.Join("\n  ", lines)}";
    }

    /// <summary>Closes its input, waits, asks it to end, waits, kills it with everything it started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _child.Input.DisposeAsync().ConfigureAwait(false);
        if (!await EndsWithinAsync(_child.Exited, _options.StopGrace).ConfigureAwait(false))
        {
            _child.Terminate();
            if (!await EndsWithinAsync(_child.Exited, _options.StopGrace).ConfigureAwait(false))
            {
                ProcessLog.Killed(_options.Connection.Logger, Name, _child.Id);
                _child.Kill();
                await _child.Exited.ConfigureAwait(false);
            }
        }

        await _child.Output.DisposeAsync().ConfigureAwait(false);
        await EndsWithinAsync(_errorRead, RestOfErrors).ConfigureAwait(false);
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
            await task.WaitAsync(time, _options.Connection.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
