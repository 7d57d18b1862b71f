#pragma warning disable RS0030 // The file seam of resources: the one place that opens a file.
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Peregrine.Server.Resources.Files;

/// <summary>
/// Opens files, and tells which file it was that was opened. On Linux that holds whatever others do to the folder meanwhile, for the kernel is asked about the open file. Elsewhere links are
/// looked for before and after opening: who may write to the folder and exchanges a folder for a link in between is not noticed. Nowhere are hard links noticed: they are files of the folder
/// like others. No state.
/// </summary>
internal static partial class FileOpener
{
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    // No such file, no permission, a part that is no folder, too many links, a name that is too long, no device behind a node.
    private static readonly int[] Absent = [2, 13, 20, 40, 36, 6];

    /// <summary>The real path of a folder, links resolved; null where there is no such folder.</summary>
    internal static string? RealPathOfFolder(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            return full;
        }

        using var handle = OpenOnLinux(full);
        return handle is null ? null : RealPathOf(handle);
    }

    /// <summary>Opens a regular file for reading.</summary>
    /// <param name="root">The real path of the folder.</param>
    /// <param name="relative">The path below it; no part of it is <c>.</c> or <c>..</c>.</param>
    /// <param name="followLinks">True where a link is followed whose target lies below the folder.</param>
    /// <returns>Null where there is no such file, where it may not be read, and where it lies elsewhere.</returns>
    /// <exception cref="IOException">The system has no more files to open, or the like.</exception>
    internal static SafeFileHandle? TryOpen(string root, string relative, bool followLinks)
    {
        var path = Path.Join(root, relative);
        var handle = OperatingSystem.IsLinux() ? OpenOnLinux(path) : OpenElsewhere(root, relative, path);
        if (handle is null)
        {
            return null;
        }

        if (IsRegular(handle) && (!OperatingSystem.IsLinux() || LiesBelow(root, relative, RealPathOf(handle), followLinks)))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static bool LiesBelow(string root, string relative, string? real, bool followLinks)
    {
        var inside = root == "/" ? root : root + "/";
        return real is not null && (followLinks ? real.StartsWith(inside, StringComparison.Ordinal) : real == inside + relative);
    }

    // Folders, pipes and sockets are none. A pipe does not block the opening, for that is done without waiting.
    private static bool IsRegular(SafeFileHandle handle)
    {
        try
        {
            _ = RandomAccess.GetLength(handle);
            return !OperatingSystem.IsLinux() || !Directory.Exists(NameOf(handle));
        }
        catch (Exception exception) when (exception is NotSupportedException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [SupportedOSPlatform("linux")]
    private static SafeFileHandle? OpenOnLinux(string path)
    {
        while (true)
        {
            var descriptor = Open(path, ReadOnly | NonBlocking | CloseOnExec);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            var error = Marshal.GetLastPInvokeError();
            if (Array.IndexOf(Absent, error) >= 0)
            {
                return null;
            }

            if (error != Interrupted)
            {
                throw new IOException($"A file could not be opened: {Marshal.GetPInvokeErrorMessage(error)}.");
            }
        }
    }

    private static SafeFileHandle? OpenElsewhere(string root, string relative, string path)
    {
        try
        {
            if (HasLink(root, relative))
            {
                return null;
            }

            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!HasLink(root, relative))
            {
                return handle;
            }

            handle.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or PathTooLongException)
        {
            return null;
        }
    }

    private static bool HasLink(string root, string relative)
    {
        var path = root;
        foreach (var part in relative.Split('/'))
        {
            path = Path.Join(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string? RealPathOf(SafeFileHandle handle) => new FileInfo(NameOf(handle)).LinkTarget;

    private static string NameOf(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
