using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Stdio.Unix;

/// <summary>The system calls on file descriptors that .NET does not offer without streams and buffers of its own.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixDescriptors
{
    internal const int InterruptedError = 4;
    internal const short PollIn = 0x001;
    internal const short PollOut = 0x004;
    private const int DuplicateCloseOnExecLinux = 1030;
    private const int ReadWrite = 2;

    // A process that has just begun has some dozens; each look is a system call.
    private const int HighestLookedAt = 256;

    internal static int TryAgainError => OperatingSystem.IsLinux() ? 11 : 35;

    private static int CloseOnExec => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    /// <summary>Duplicates a descriptor so that no child process inherits the duplicate.</summary>
    internal static int DuplicatePrivately(int descriptor, bool write)
    {
        // fcntl takes variable arguments, which P/Invoke cannot pass on Apple's ARM; opening /dev/fd duplicates there (on Linux it would fail for sockets).
        var duplicate = OperatingSystem.IsLinux()
            ? Fcntl(descriptor, DuplicateCloseOnExecLinux, 3)
            : Open($"/dev/fd/{descriptor}", (write ? 1 : 0) | CloseOnExec);
        return Check(duplicate, "duplicate a standard stream");
    }

    /// <summary>Points <paramref name="descriptor"/> at the null device.</summary>
    internal static void PointAtNull(int descriptor)
    {
        var nothing = Check(Open("/dev/null", ReadWrite | CloseOnExec), "open /dev/null");
        Check(Dup2(nothing, descriptor), "redirect a standard stream");
        _ = Close(nothing);
    }

    /// <summary>Points <paramref name="descriptor"/> at what <paramref name="target"/> is.</summary>
    internal static void PointAt(int descriptor, int target) => Check(Dup2(target, descriptor), "redirect a standard stream");

    /// <summary>
    /// Points every other descriptor of what <paramref name="descriptor"/> is, except <paramref name="kept"/>, at <paramref name="target"/>: a console writer or a logger that was made earlier holds a duplicate of
    /// its own. Pipes and sockets only, whose names are unique; on other systems than Linux nothing is done, for there is no way to see what a descriptor is.
    /// </summary>
    internal static void PointDuplicatesAt(int descriptor, int kept, int target)
    {
        Span<byte> name = stackalloc byte[64];
        Span<byte> other = stackalloc byte[64];
        var length = OperatingSystem.IsLinux() ? ReadName(descriptor, name) : 0;
        if (!name[..length].StartsWith("pipe:["u8) && !name[..length].StartsWith("socket:["u8))
        {
            return;
        }

        for (var i = 3; i < HighestLookedAt; i++)
        {
            if (i != descriptor && i != kept && name[..length].SequenceEqual(other[..ReadName(i, other)]))
            {
                Check(Dup3(target, i, CloseOnExec), "redirect a duplicate of a standard stream");
            }
        }
    }

    private static int ReadName(int descriptor, Span<byte> name)
    {
        Span<byte> path = stackalloc byte[32];
        "/proc/self/fd/"u8.CopyTo(path);
        _ = Utf8Formatter.TryFormat(descriptor, path["/proc/self/fd/".Length..^1], out var digits);
        path["/proc/self/fd/".Length + digits] = 0;
        return (int)Math.Max(0, ReadLink(ref MemoryMarshal.GetReference(path), ref MemoryMarshal.GetReference(name), name.Length));
    }

    internal static int Check(int result, string what) =>
        result >= 0 ? result : throw new IOException($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    private static partial int Dup3(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(ref byte path, ref byte buffer, nint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Found;
    }
}
