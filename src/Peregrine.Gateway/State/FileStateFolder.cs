#pragma warning disable RS0030 // The file seam of a gateway's state: the one place that touches its files.
namespace Peregrine.Gateway.State;

/// <summary>A folder on disk; made at the first writing, for its owner alone. Thread-safe.</summary>
internal sealed class FileStateFolder(string folder) : IStateFolder
{
    private long _lastFile;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(folder, name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var whole = Path.Combine(folder, name);
        var part = $"{whole}.{Environment.ProcessId}.{Interlocked.Increment(ref _lastFile)}.part";
        try
        {
            MakeFolder();
            await File.WriteAllBytesAsync(part, content, cancellationToken).ConfigureAwait(false);
            File.Move(part, whole, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
