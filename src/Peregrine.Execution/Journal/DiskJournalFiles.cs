#pragma warning disable RS0030 // The file seam of journals: the one place that touches their files.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peregrine.Execution.Journal;

/// <summary>The files of a folder. A lock file keeps other processes out.</summary>
internal sealed partial class DiskJournalFiles : IJournalFiles
{
    private const string Extension = ".journal";
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    // EINTR.
    private const int Interrupted = 4;

    private readonly string _folder;
    private readonly FileStream _lock;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be made.</exception>
    internal DiskJournalFiles(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _lock = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        MachineStart = File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : "";
    }

    public string MachineStart { get; }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(static path => Path.GetFileNameWithoutExtension(path))];

    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public void Sync(string name)
    {
        using var handle = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    public IJournalFile Create(string name, bool durable)
    {
        var handle = File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (durable)
        {
            SyncFolder();
        }

        return durable ? new PreparedFile(handle) : new GrowingFile(handle);
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    public void Dispose() => _lock.Dispose();

    private string PathOf(string name) => Path.Combine(_folder, name + Extension);

    // A new name is in the folder for good only once the folder itself is on the disk. Where folders cannot be opened, the system sees to it.
    private void SyncFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(_folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder \"{_folder}\" cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var failed = Fsync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"The folder \"{_folder}\" cannot be written to the disk (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    // Tells the disk to keep what was written, but not the times of the file.
    private static void SyncData(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        while (Fdatasync(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
            {
                throw new IOException($"The journal cannot be written to the disk (error {error}).");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fdatasync(SafeFileHandle file);

    /// <summary>A file that grows as it is written.</summary>
    private sealed class GrowingFile(SafeFileHandle handle) : IJournalFile
    {
        private long _length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, _length);
            _length += bytes.Length;
        }

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }

    /// <summary>
    /// A file that is filled with zeros ahead of what is written. So a flush has only the data to write: a file that grows has its length and its place on the disk to write as well, and
    /// with them, on many file systems, whatever others have written.
    /// </summary>
    private sealed class PreparedFile(SafeFileHandle handle) : IJournalFile
    {
        private const int Step = 1024 * 1024;

        private static readonly byte[] Zeros = new byte[64 * 1024];

        private long _length;
        private long _prepared;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (_length + bytes.Length > _prepared)
            {
                Prepare(_length + bytes.Length + Step);
            }

            RandomAccess.Write(handle, bytes, _length);
            _length += bytes.Length;
        }

        public void Flush() => SyncData(handle);

        public void Dispose()
        {
            try
            {
                RandomAccess.SetLength(handle, _length);
            }
            catch (IOException)
            {
                // Zeros at the end mean nothing to who reads it.
            }

            handle.Dispose();
        }

        private void Prepare(long length)
        {
            try
            {
                for (var at = Math.Max(_prepared, _length); at < length; at += Zeros.Length)
                {
                    RandomAccess.Write(handle, Zeros, at);
                }
            }
            catch (IOException)
            {
                // No room for so much: then the file grows as it is written, as long as that goes well.
            }

            // What it says must not get lost: it may be about records.
            RandomAccess.FlushToDisk(handle);
            _prepared = length;
        }
    }
}
