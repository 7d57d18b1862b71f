using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>A child process on Linux or macOS, leader of a session of its own.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal sealed unsafe class UnixChild : ChildProcess
{
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _signalGate = new();
    private readonly AnonymousPipeServerStream _input;
    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream _error;
    private bool _reaped;

    private UnixChild(int id, AnonymousPipeServerStream input, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        Id = id;
        _input = input;
        _output = output;
        _error = error;
    }

    internal override int Id { get; }

    internal override Stream Input => _input;

    internal override Stream Output => _output;

    internal override Stream Error => _error;

    internal override Task<ProcessExit> Exited => _exited.Task;

    internal static new UnixChild Start(ProcessConnectionOptions options)
    {
        var environment = EnvironmentOf(options);
        var path = CommandPath.Find(options.Command, environment.GetValueOrDefault("PATH"), options.WorkingDirectory, out var reason)
            ?? throw CannotStart(options.Command, reason);
        if (options.WorkingDirectory is { } folder && !Directory.Exists(folder))
        {
            throw CannotStart(options.Command, $"the working directory {folder} does not exist.");
        }

        ChildReaper.Prepare();
        AnonymousPipeServerStream? input = null, output = null, error = null;
        try
        {
            // These pipes are close-on-exec: only the copies that the file actions make reach the child.
            input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
            output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
            error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
            var fault = Spawn(path, options, environment, (Descriptor(input), Descriptor(output), Descriptor(error)), out var id);
            if (fault != 0)
            {
                throw CannotStart(options.Command, Describe(path, fault), new Win32Exception(fault));
            }

            input.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
            var child = new UnixChild(id, input, output, error);
            ChildReaper.Add(child);
            return child;
        }
        catch
        {
            Discard(input);
            Discard(output);
            Discard(error);
            throw;
        }
    }

    internal override void Terminate()
    {
        lock (_signalGate)
        {
            if (!_reaped)
            {
                _ = NativeMethods.kill(-Id, NativeMethods.SIGTERM);
            }
        }
    }

    internal override void Kill()
    {
        lock (_signalGate)
        {
            if (!_reaped)
            {
                SessionKiller.Kill(Id);
            }
        }
    }

    /// <summary>True where the process has ended; it stays a zombie, so that its number stays its own.</summary>
    internal bool HasEnded()
    {
        // siginfo_t begins with the signal's number on every platform; it stays 0 where nothing ended.
        const int InfoSize = 256;
        var info = stackalloc byte[InfoSize];
        new Span<byte>(info, InfoSize).Clear();
        int result;
        do
        {
            result = NativeMethods.waitid(NativeMethods.P_PID, Id, info, NativeMethods.WEXITED | NativeMethods.WNOHANG | NativeMethods.WNOWAIT);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == NativeMethods.EINTR);

        // ECHILD: somebody else reaped it, or the process ignores SIGCHLD. It has ended all the same.
        return result != 0 ? Marshal.GetLastPInvokeError() == NativeMethods.ECHILD : *(int*)info != 0;
    }

    /// <summary>Ends everything the process left behind, then takes its exit status, which removes the zombie.</summary>
    internal void Reap()
    {
        int result, status;
        lock (_signalGate)
        {
            SessionKiller.Kill(Id);
            do
            {
                result = NativeMethods.waitpid(Id, out status, NativeMethods.WNOHANG);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == NativeMethods.EINTR);
            _reaped = true;
        }

        _exited.TrySetResult(result == Id ? Decode(status) : default);
    }

    private static ProcessExit Decode(int status)
    {
        var signal = status & 0x7F;
        return signal == 0 ? new ProcessExit((status >> 8) & 0xFF, null) : new ProcessExit(null, signal);
    }

    private static int Descriptor(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();

    private static void Discard(AnonymousPipeServerStream? pipe)
    {
        if (pipe is not null)
        {
            pipe.DisposeLocalCopyOfClientHandle();
            pipe.Dispose();
        }
    }

    private static int Spawn(
        string path, ProcessConnectionOptions options, Dictionary<string, string> environment, (int Input, int Output, int Error) pipes, out int id)
    {
        var actions = stackalloc byte[NativeMethods.OpaqueSize];
        var attributes = stackalloc byte[NativeMethods.OpaqueSize];
        id = 0;
        using var argv = new NativeStrings([options.Command, .. options.Arguments]);
        using var envp = new NativeStrings([.. environment.Select(static variable => $"{variable.Key}={variable.Value}")]);
        using var paths = new NativeStrings([path, Path.GetFullPath(options.WorkingDirectory ?? ".")]);
        Check(NativeMethods.posix_spawn_file_actions_init(actions));
        Check(NativeMethods.posix_spawnattr_init(attributes));
        try
        {
            Check(NativeMethods.posix_spawn_file_actions_adddup2(actions, pipes.Input, 0));
            Check(NativeMethods.posix_spawn_file_actions_adddup2(actions, pipes.Output, 1));
            Check(NativeMethods.posix_spawn_file_actions_adddup2(actions, pipes.Error, 2));
            if (options.WorkingDirectory is not null)
            {
                Check(NativeMethods.posix_spawn_file_actions_addchdir_np(actions, paths.Pointer[1]));
            }

            CloseOthers(actions);
            SetAttributes(attributes);
            return NativeMethods.posix_spawn(out id, paths.Pointer[0], actions, attributes, argv.Pointer, envp.Pointer);
        }
        finally
        {
            _ = NativeMethods.posix_spawn_file_actions_destroy(actions);
            _ = NativeMethods.posix_spawnattr_destroy(attributes);
        }
    }

    // What this process itself inherited without close-on-exec (from a shell, a supervisor) must not go on to the child.
    private static void CloseOthers(void* actions)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                Check(NativeMethods.posix_spawn_file_actions_addclosefrom_np(actions, 3));
            }
            catch (EntryPointNotFoundException)
            {
                // An older C library, or musl: what .NET opened is close-on-exec anyway.
            }
        }
    }

    private static void SetAttributes(void* attributes)
    {
        // sigset_t has 128 bytes at most.
        var set = stackalloc byte[NativeMethods.OpaqueSize];
        _ = NativeMethods.sigemptyset(set);
        Check(NativeMethods.posix_spawnattr_setsigmask(attributes, set));

        // .NET ignores SIGPIPE, and an ignored signal stays ignored across exec.
        _ = NativeMethods.sigaddset(set, NativeMethods.SIGPIPE);
        Check(NativeMethods.posix_spawnattr_setsigdefault(attributes, set));
        var flags = NativeMethods.POSIX_SPAWN_SETSID | NativeMethods.POSIX_SPAWN_SETSIGDEF | NativeMethods.POSIX_SPAWN_SETSIGMASK;
        if (OperatingSystem.IsMacOS())
        {
            flags |= NativeMethods.POSIX_SPAWN_CLOEXEC_DEFAULT;
        }

        Check(NativeMethods.posix_spawnattr_setflags(attributes, (short)flags));
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(result);
        }
    }

    private static string Describe(string path, int fault) => fault switch
    {
        NativeMethods.ENOEXEC => $"{path} is no program: a script needs a first line such as #!/bin/sh.",
        NativeMethods.ENOENT => $"{path}, or the interpreter its first line names, does not exist.",
        NativeMethods.EACCES => $"{path} may not be executed.",
        _ => $"{new Win32Exception(fault).Message} ({path}).",
    };
}
