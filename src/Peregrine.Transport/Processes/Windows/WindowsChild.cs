using System.Diagnostics;

namespace Peregrine.Transport.Processes.Windows;

/// <summary>
/// A child process through <see cref="Process"/>, for Windows. Its descendants are found by their parents when it is killed, so one whose parent has ended already
/// is not found: weaker than a session on Unix.
/// </summary>
internal sealed class WindowsChild : ChildProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WindowsChild(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    internal override int Id { get; }

    internal override Stream Input => _process.StandardInput.BaseStream;

    internal override Stream Output => _process.StandardOutput.BaseStream;

    internal override Stream Error => _process.StandardError.BaseStream;

    internal override Task<ProcessExit> Exited => _exited.Task;

    internal static new WindowsChild Start(ProcessConnectionOptions options)
    {
        var environment = EnvironmentOf(options);
        var folder = Path.GetFullPath(options.WorkingDirectory ?? ".");
        var path = WindowsCommand.Find(
                options.Command, environment.GetValueOrDefault("PATH"), environment.GetValueOrDefault("PATHEXT"), folder, static p => Path.Exists(p) && !Directory.Exists(p))
            ?? throw CannotStart(options.Command, "there is no such program (looked for in PATH with the endings of PATHEXT).");
        var info = new ProcessStartInfo(path)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in options.Arguments)
        {
            if (WindowsCommand.IsUnsafe(path, argument))
            {
                throw CannotStart(options.Command, $"{path} is a batch file, and cmd.exe would not take the argument '{argument}' as plain text. Start the program it calls instead.");
            }

            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Start(options.Command, info);
    }

    /// <summary>Starts what is described and watches for its end.</summary>
    internal static WindowsChild Start(string command, ProcessStartInfo info)
    {
        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            process.Dispose();
            throw CannotStart(command, exception.Message, exception);
        }

        var child = new WindowsChild(process);
        process.Exited += (_, _) => child.OnExited();
        if (process.HasExited)
        {
            child.OnExited();
        }

        return child;
    }

    internal override void Terminate()
    {
        // A console program on Windows has no polite request but the end of its input, which it had.
    }

    internal override void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    private void OnExited() => _exited.TrySetResult(new ProcessExit(_process.ExitCode, null));
}
