using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>What is called of the C library. Opaque structures are handed over as memory larger than any platform's.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static unsafe partial class NativeMethods
{
    internal const int SIGKILL = 9;
    internal const int SIGTERM = 15;
    internal const int SIGPIPE = 13;
    internal const int EINTR = 4;
    internal const int ECHILD = 10;
    internal const int ENOENT = 2;
    internal const int EACCES = 13;
    internal const int ENOEXEC = 8;
    internal const int ENOTDIR = 20;
    internal const int P_PID = 1;
    internal const int WNOHANG = 1;
    internal const int WEXITED = 4;
    internal const int X_OK = 1;

    /// <summary>Bytes set aside for each opaque structure: the largest, glibc's attributes, has 336.</summary>
    internal const int OpaqueSize = 1024;

    internal static int WNOWAIT => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    internal static int POSIX_SPAWN_SETSID => OperatingSystem.IsMacOS() ? 0x0400 : 0x80;

    internal const int POSIX_SPAWN_SETSIGDEF = 0x04;

    internal const int POSIX_SPAWN_SETSIGMASK = 0x08;

    /// <summary>macOS only: every descriptor that no file action names is closed.</summary>
    internal const int POSIX_SPAWN_CLOEXEC_DEFAULT = 0x4000;

    [LibraryImport("libc")]
    internal static partial int posix_spawn(out int pid, byte* path, void* fileActions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_init(void* fileActions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_destroy(void* fileActions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_adddup2(void* fileActions, int descriptor, int newDescriptor);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addchdir_np(void* fileActions, byte* path);

    /// <summary>glibc 2.34 and later.</summary>
    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addclosefrom_np(void* fileActions, int from);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport("libc")]
    internal static partial int sigemptyset(void* set);

    [LibraryImport("libc")]
    internal static partial int sigaddset(void* set, int signal);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitid(int idType, int id, void* info, int options);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);
}
