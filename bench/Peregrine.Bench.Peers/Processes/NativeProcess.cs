using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>
/// A child process over raw descriptors, pinned to given processors from its first instruction. The framework's own process class puts streams and
/// threads between; the cost of those is not what is measured here. Linux only.
/// </summary>
internal sealed unsafe partial class NativeProcess : IDisposable
{
    private const int TerminateSignal = 15;
    private const int KillSignal = 9;
    private static readonly ConcurrentDictionary<int, NativeProcess> s_running = new();

    private readonly Lock _lock = new();
    private readonly string _errorFile;
    private int _input;
    private int _output;
    private bool _exited;

    static NativeProcess()
    {
        // What an interrupted run leaves behind would hold a core, and spoil the next.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        Console.CancelKeyPress += (_, _) => KillAll();
    }

    private NativeProcess(int id, int input, int output, string errorFile, long startedAt)
    {
        Id = id;
        StartedAt = startedAt;
        _input = input;
        _output = output;
        _errorFile = errorFile;
    }

    public int Id { get; }

    /// <summary>Timestamp (<see cref="Stopwatch"/>) from before the process was made.</summary>
    public long StartedAt { get; }

    /// <summary>Descriptor on which the process reads; -1 where it has none.</summary>
    public int Input => _input;

    /// <summary>Descriptor on which the process writes; -1 where it has none.</summary>
    public int Output => _output;

    /// <summary>Processor time of the process and its children; known once it has ended.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    public int? ExitStatus { get; private set; }

    /// <summary>Starts a process on <paramref name="processors"/>; an end without pipe is the null device.</summary>
    public static NativeProcess Start(IReadOnlyList<string> command, ReadOnlySpan<int> processors, bool pipeInput = false, bool pipeOutput = false)
    {
        (int Read, int Write) input = pipeInput ? Descriptor.OpenPipe() : (-1, -1);
        (int Read, int Write) output = pipeOutput ? Descriptor.OpenPipe() : (-1, -1);
        string errorFile = Path.GetTempFileName();
        int[] mine = ProcessorAffinity.Get();
        ProcessorAffinity.Set(processors);
        try
        {
            long startedAt = Stopwatch.GetTimestamp();
            int id = SpawnNative.Spawn(command, input.Read, output.Write, errorFile);
            var process = new NativeProcess(id, input.Write, output.Read, errorFile, startedAt);
            s_running[id] = process;
            return process;
        }
        catch
        {
            CloseIfOpen(ref input.Write);
            CloseIfOpen(ref output.Read);
            File.Delete(errorFile);
            throw;
        }
        finally
        {
            ProcessorAffinity.Set(mine);
            CloseIfOpen(ref input.Read);
            CloseIfOpen(ref output.Write);
        }
    }

    /// <summary>Runs a command to its end and returns what it printed; throws when it cannot be started, fails or outlasts <paramref name="timeout"/>.</summary>
    public static string RunToEnd(IReadOnlyList<string> command, ReadOnlySpan<int> processors, TimeSpan timeout, out TimeSpan processorTime)
    {
        using NativeProcess process = Start(command, processors, pipeOutput: true);
        using Timer watchdog = process.KillAfter(timeout);
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (Descriptor.Read(process.Output, buffer) is > 0 and var count)
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        process.WaitForExit(timeout);
        processorTime = process.ProcessorTime;
        if (process.ExitStatus != 0)
            throw new BenchException($"{Path.GetFileName(command[0])} failed: {process.ErrorText()}");
        return text.ToString();
    }

    /// <summary>Kills the process at the deadline unless the timer is disposed first: a blocking read then ends.</summary>
    public Timer KillAfter(TimeSpan deadline) => new(_ => Signal(KillSignal), null, deadline, Timeout.InfiniteTimeSpan);

    /// <summary>The end of what it wrote to standard error.</summary>
    public string ErrorText()
    {
        string text = File.Exists(_errorFile) ? File.ReadAllText(_errorFile).Trim() : "";
        return text.Length <= 600 ? text : "..." + text[^600..];
    }

    public bool HasExited => WaitForExit(TimeSpan.Zero);

    /// <summary>Ends the process: end of input, then a request to terminate, then by force.</summary>
    public void Dispose()
    {
        bool hadInput = _input >= 0;
        CloseIfOpen(ref _input);
        CloseIfOpen(ref _output);
        if (!(hadInput && WaitForExit(TimeSpan.FromSeconds(2))))
        {
            Signal(TerminateSignal);
            if (!WaitForExit(TimeSpan.FromSeconds(3)))
            {
                Signal(KillSignal);
                WaitForExit(TimeSpan.FromSeconds(10));
            }
        }

        File.Delete(_errorFile);
    }

    private bool WaitForExit(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (!TryReap())
        {
            if (Stopwatch.GetElapsedTime(start) >= timeout)
                return false;
            Thread.Sleep(2);
        }

        return true;
    }

    private bool TryReap()
    {
        const int doNotBlock = 1;
        lock (_lock)
        {
            if (_exited)
                return true;
            int status;
            long* usage = stackalloc long[64];
            if (WaitNative(Id, &status, doNotBlock, usage) != Id)
                return false;
            _exited = true;
            ExitStatus = status;
            ProcessorTime = TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
            s_running.TryRemove(Id, out _);
            return true;
        }
    }

    private void Signal(int signal)
    {
        // Under the lock: once reaped, the id may belong to a stranger. The whole group: a grandchild left alive would keep the pipe open.
        lock (_lock)
        {
            if (!_exited)
                KillNative(-Id, signal);
        }
    }

    private static void KillAll()
    {
        foreach (NativeProcess process in s_running.Values)
            process.Signal(KillSignal);
    }

    private static void CloseIfOpen(ref int descriptor)
    {
        if (descriptor >= 0)
            Descriptor.Close(descriptor);
        descriptor = -1;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial void KillNative(int process, int signal);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int WaitNative(int process, int* status, int options, long* usage);
}
