using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>posix_spawn(3): a process with three given descriptors, default signal handling and a process group of its own.</summary>
internal static unsafe partial class SpawnNative
{
    // Larger than the opaque structures of any C library in use (glibc: 80, 336 and 128 bytes).
    private const int OpaqueSize = 1024;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetProcessGroup = 0x02;

    /// <summary>Starts <paramref name="command"/>. A descriptor of -1 is the null device; <paramref name="errorFile"/> takes its standard error.</summary>
    public static int Spawn(IReadOnlyList<string> command, int input, int output, string errorFile)
    {
        void* actions = NativeMemory.AllocZeroed(OpaqueSize);
        void* attributes = NativeMemory.AllocZeroed(OpaqueSize);
        byte* signals = stackalloc byte[OpaqueSize];
        using var arguments = new NativeStrings(command);
        using var environment = new NativeStrings([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")]);
        try
        {
            Check(ActionsInit(actions));
            Check(AttributesInit(attributes));
            Connect(actions, input, 0, writable: false);
            Connect(actions, output, 1, writable: true);
            const int writeOnlyCreateAppend = 0x1 | 0x40 | 0x400;
            Check(ActionsAddOpen(actions, 2, errorFile, writeOnlyCreateAppend, 0x180));

            // .NET ignores SIGPIPE and blocks none; what is ignored here would be ignored in the child.
            FillSignals(signals);
            Check(AttributesSetDefault(attributes, signals));
            EmptySignals(signals);
            Check(AttributesSetMask(attributes, signals));
            Check(AttributesSetFlags(attributes, SetSignalDefaults | SetSignalMask | SetProcessGroup));
            int process;
            int error = SpawnPath(&process, command[0], actions, attributes, arguments.Pointer, environment.Pointer);
            if (error != 0)
                throw new BenchException($"{command[0]}: {new Win32Exception(error).Message}");
            return process;
        }
        finally
        {
            ActionsDestroy(actions);
            AttributesDestroy(attributes);
            NativeMemory.Free(actions);
            NativeMemory.Free(attributes);
        }
    }

    private static void Connect(void* actions, int descriptor, int target, bool writable)
    {
        if (descriptor < 0)
            Check(ActionsAddOpen(actions, target, "/dev/null", writable ? 1 : 0, 0));
        else
            Check(ActionsAddDup2(actions, descriptor, target));
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnPath(int* process, string file, void* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial void ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDup2(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddOpen(void* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial void AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefault(void* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(void* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial void FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial void EmptySignals(byte* signals);
}
