using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes.Unix;
using Peregrine.Transport.Processes.Windows;

namespace Peregrine.Transport.Processes;

/// <summary>A child process with pipes to its standard streams.</summary>
internal abstract class ChildProcess
{
    /// <summary>Its standard input; asynchronous.</summary>
    internal abstract Stream Input { get; }

    /// <summary>Its standard output; asynchronous.</summary>
    internal abstract Stream Output { get; }

    /// <summary>Its standard error; asynchronous.</summary>
    internal abstract Stream Error { get; }

    internal abstract int Id { get; }

    /// <summary>Ends when the process has ended, everything it started is gone, and it was reaped. Never fails.</summary>
    internal abstract Task<ProcessExit> Exited { get; }

    /// <summary>Asks it to end (SIGTERM to its group). Does nothing where the platform has no such thing.</summary>
    internal abstract void Terminate();

    /// <summary>Kills it and everything it started.</summary>
    internal abstract void Kill();

    /// <summary>Starts the process.</summary>
    /// <exception cref="McpTransportException">It cannot be started.</exception>
    internal static ChildProcess Start(ProcessConnectionOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsChild.Start(options);
        }

        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            return UnixChild.Start(options);
        }

        throw new PlatformNotSupportedException("Child processes are supported on Linux, macOS and Windows.");
    }

    /// <summary>The child's environment: this process's, where it is inherited, changed as the options say.</summary>
    internal static Dictionary<string, string> EnvironmentOf(ProcessConnectionOptions options)
    {
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var variables = new Dictionary<string, string>(comparer);
        if (options.InheritEnvironment)
        {
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                variables[(string)variable.Key] = (string)(variable.Value ?? "");
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    private protected static McpTransportException CannotStart(string command, string why, Exception? cause = null) =>
        new(TransportFault.ConnectFailed, $"Cannot start '{command}': {why}", mayHaveRun: false, cause);
}
